/** The parts of a PyTorch module that are the same for every CLIFFNet, as Python. */

/** What stands before the table of layers. */
export const pythonHead = `# Copyright (c) 2026 the CLIFFNet on Deno authors. SPDX-License-Identifier: MIT
#
# Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
# documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
# rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
# persons to whom the Software is furnished to do so, subject to the following conditions: The above copyright notice
# and this permission notice shall be included in all copies or substantial portions of the Software.
#
# THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
# WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
# COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
# OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""CLIFFNet (Wang et al., ECCV 2020) in PyTorch, written by "deno task convert --pytorch-module".

    network = CliffNet().eval()
    network.load_state_dict(safetensors.torch.load_file("cliffnet.safetensors"))  # of convert --names published
    depth = network(prepare(pictures))  # (batch, 3, height, width), R, G, B, 0...1, to (batch, 1, height, width), metres

"python3 FILE" tries the module, "python3 FILE WEIGHTS" besides whether weights fit it.
"""
import sys

import torch
from torch import nn
from torch.nn import functional

`;

/** The network over the table of layers. */
export const pythonNetwork = `
def place(root, name, module):
    """Puts a module where its name in a state dict says."""
    *parents, last = name.split(".")
    for parent in parents:
        if parent not in root._modules:
            root.add_module(parent, nn.Module())
        root = root._modules[parent]
    root.add_module(last, module)


def resize(coarse, fine):
    return functional.interpolate(coarse, size=fine.shape[-2:], mode="bilinear", align_corners=False)


class CliffNet(nn.Module):
    def __init__(self):
        super().__init__()
        for convolution, norm, inputs, outputs, kernel, stride, bias in LAYERS.values():
            place(self, convolution, nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=bias))
            if norm is not None:
                place(self, norm, nn.BatchNorm2d(outputs))

    def layer(self, path, x):
        convolution, norm = LAYERS[path][:2]
        x = self.get_submodule(convolution)(x)
        return x if norm is None else self.get_submodule(norm)(x)

    def rectified(self, path, x):
        return functional.relu(self.layer(path, x))

    def block(self, path, x):
        branch = x
        for part in PARTS[:-1]:
            branch = self.rectified(f"{path}/{part}", branch)
        shortcut = f"{path}/shortcut"
        side = self.layer(shortcut, x) if shortcut in LAYERS else x
        return functional.relu(self.layer(f"{path}/{PARTS[-1]}", branch) + side)

    def backbone(self, images):
        """C2...C5 by their numbers: feature maps at strides 4, 8, 16 and 32."""
        x = functional.max_pool2d(self.rectified("backbone/stem", images), 3, 2, 1)
        levels = {}
        for level, count in BLOCKS.items():
            for number in range(1, count + 1):
                x = self.block(f"backbone/stage{level}/block{number}", x)
            levels[level] = x
        return levels

    def pyramid(self, levels):
        """P2...P5: lateral convolutions, sums from the coarsest level to the finest, smoothing."""
        sums = {}
        for level in (5, 4, 3, 2):
            lateral = self.rectified(f"pyramid/lateral/level{level}", levels[level])
            sums[level] = lateral if level == 5 else lateral + resize(sums[level + 1], lateral)
        return {level: self.rectified(f"pyramid/smooth/level{level}", x) for level, x in sums.items()}

    def cliff(self, path, low, high):
        """Cross-level identity feature fusion of a finer level with a coarser one."""
        high = resize(high, low)
        selected = self.rectified(f"{path}/select", torch.cat([low, low * high], 1))
        return self.rectified(f"{path}/fuse", torch.cat([high, selected], 1)) + high

    def estimator(self, levels):
        """From P2...P5 to depth at the size of P2."""
        heads = {level: self.rectified(f"estimator/heads/level{level}", x) for level, x in levels.items()}
        fused = heads[5]
        for level in (4, 3, 2):
            fused = self.cliff(f"estimator/fusion/level{level}", heads[level], fused)
        return self.layer("estimator/score/output", self.rectified("estimator/score/hidden", fused))

    def forward(self, images):
        return resize(self.estimator(self.pyramid(self.backbone(images))), images)

`;

/** The trial of a module: weights by a formula, and the numbers that they lead to. */
export const pythonTrial = `
def sequence(name, shape):
    """Numbers of mulberry32 in 0...1 with the seed FNV-1a(name)."""
    seed = 0x811C9DC5
    for byte in name.encode():
        seed = (seed ^ byte) * 0x01000193 & 0xFFFFFFFF
    low = 0xFFFFFFFF
    a = (torch.arange(1, torch.Size(shape).numel() + 1) * 0x6D2B79F5 + seed) & low
    t = ((a ^ a >> 15) * (a | 1)) & low
    t = t ^ (t + (t ^ t >> 7) * (t | 61)) & low
    return ((t ^ t >> 14).double() / 2**32).reshape(shape)


def filled(name, shape):
    s = 2 * sequence(name, shape) - 1
    last = name.split(".")[-1]
    if last == "running_var":
        return 1 + 0.5 * s
    if last in ("running_mean", "bias"):
        return 0.1 * s
    return 1 + 0.1 * s if len(shape) == 1 else s * (3 / torch.Size(shape[1:]).numel()) ** 0.5


@torch.no_grad()
def trial():
    """Depth of an input of 64 x 96 under weights by a formula: mean, root mean square, least and largest."""
    network = CliffNet().double().eval()
    for name, tensor in network.state_dict().items():
        if not name.endswith("num_batches_tracked"):
            tensor.copy_(filled(name, tensor.shape).float())
    depth = network((-2 + 4 * sequence("input/1x3x64x96", (1, 3, 64, 96))).float().double())
    return [value.item() for value in (depth.mean(), depth.square().mean().sqrt(), depth.min(), depth.max())]


def state_dict(path):
    """The weights of a file, which may be a whole training's."""
    if path.endswith(".safetensors"):
        from safetensors.torch import load_file

        return load_file(path)
    state = torch.load(path, map_location="cpu")
    for name in ("state_dict", "model_state_dict", "model"):
        state = state.get(name, state)
    return {name[7:] if name.startswith("module.") else name: tensor for name, tensor in state.items()}


def main():
    found = trial()
    print("mean, root mean square, least and largest depth:", *found)
    if EXPECTED is not None and any(abs(a - b) > 1e-6 * abs(EXPECTED[1]) for a, b in zip(found, EXPECTED)):
        sys.exit(f"these are not the numbers of the published network, {EXPECTED}")
    if len(sys.argv) > 1:
        CliffNet().load_state_dict(state_dict(sys.argv[1]))
        print(f"{sys.argv[1]} fits")


if __name__ == "__main__":
    main()
`;
