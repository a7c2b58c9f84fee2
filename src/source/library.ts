import {createRequire} from 'node:module';

const require = createRequire(import.meta.url);

/** Loads a library where nothing can be awaited, when it is first needed: most runs need none of those that are loaded so. */
export function library<T>(name: string): T {
	return require(name) as T;
}
