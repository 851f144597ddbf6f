export * as t from "npm:io-ts@2.2.22";
