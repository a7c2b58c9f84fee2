import {readFileSync, statSync} from 'node:fs';
import {readLimit} from '../inventory/inventory.js';
import {CannotStart} from './cannot-start.js';

/** The patterns of `--limit`, those of its `@FILE` too; undefined without it. Throws when the file is not there. */
export function limitOf(limit: string | undefined): string[] | undefined {
	return limit === undefined ? undefined : readLimit(limit, limitFile);
}

function limitFile(path: string): string {
	const stat = statSync(path, {throwIfNoEntry: false});
	if (stat?.isFile()) return readFileSync(path, 'utf8');
	const ansible = stat ? `Limit starting with "@" must be a file, not a directory: ${path}` : `Unable to find limit file ${path}`;
	throw new CannotStart('file/not-found', `there is no file \`${path}\` of hosts`, {ansible});
}
