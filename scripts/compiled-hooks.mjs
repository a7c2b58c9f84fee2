// The hooks of scripts/compiled.mjs: `./x.js` beside a TypeScript file is `./x.ts`, and a `.ts` file is what .cache/unit has of it.
import {existsSync, readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';

const root = new URL('../', import.meta.url).href;
const compiled = new URL('../.cache/unit/', import.meta.url).href;

export function resolve(specifier, context, next) {
	if (specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.endsWith('.ts')) {
		const url = new URL(`${specifier.slice(0, -'js'.length)}ts`, context.parentURL);
		if (existsSync(url)) return {url: url.href, format: 'module', shortCircuit: true};
	}
	return next(specifier, context);
}

export function load(url, context, next) {
	if (!url.startsWith(root) || !url.endsWith('.ts') || url.includes('/node_modules/')) return next(url, context);
	const path = fileURLToPath(`${compiled}${url.slice(root.length, -'ts'.length)}js`);
	return {format: 'module', source: readFileSync(path, 'utf8'), shortCircuit: true};
}
