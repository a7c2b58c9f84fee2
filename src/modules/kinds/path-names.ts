/** The folder that a path lies in, as it is written: `/a` in `/`, `a` in `.`, `~/a` in `~`. */
export function parentOf(path: string): string {
	const bare = path.replace(/(?<=[^/])\/+$/, '');
	const slash = bare.lastIndexOf('/');
	return slash < 0 ? '.' : bare.slice(0, slash).replace(/\/+$/, '') || '/';
}

/** Every folder above a path, the topmost first, without `/` and `.`. */
export function ancestors(path: string): readonly string[] {
	const above: string[] = [];
	for (let folder = parentOf(path); folder !== '/' && folder !== '.'; folder = parentOf(folder)) above.unshift(folder);
	return above;
}

/** The last part of a path. */
export function baseName(path: string): string {
	return path.replace(/\/+$/, '').replace(/^.*\//s, '');
}

/** A path within a folder. */
export function joinPath(folder: string, name: string): string {
	return name.startsWith('/') ? name : folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`;
}
