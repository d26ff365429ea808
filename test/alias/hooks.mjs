import { applyAliases } from './aliases.mjs';

/** @type {Record<string, string>} */
let aliases = {};

/** @param {Record<string, string>} data */
export function initialize(data) {
  aliases = data;
}

/** @type {import('node:module').ResolveHook} */
export const resolve = (specifier, context, nextResolve) =>
  nextResolve(applyAliases(specifier, aliases), context);
