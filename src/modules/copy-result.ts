import {createHash} from 'node:crypto';
import type {Content} from '../connection/connection.js';
import type {Change, Result} from './contract.js';
import {backupIn, type PathState, pathKind, pathResult} from './kinds/path.js';
import {type DestinationStates, destinationName} from './kinds/written-file.js';

/** Files beyond this are not read again for the old `md5sum`. */
const digestedSize = 16 * 1024 * 1024;

/** What `copy` and `template` return of the one file they wrote. */
export function copyResult(
	{before, after}: Change<DestinationStates>,
	content: Content | undefined,
	outputs: readonly unknown[],
): Result {
	const name = destinationName(before);
	const state: PathState = after[name] ?? before[name]!;
	const backup = backupIn(outputs);
	const end = state.type === 'link' && state.followed ? state.followed : state;
	const written = !pathKind.equal({...before[name]!, mode: undefined}, {type: end.type, path: end.path, sha1: end.sha1});
	return {
		dest: end.path,
		...(written ? {} : {path: end.path}),
		...(content ? {checksum: content.sha1} : typeof end.sha1 === 'string' ? {checksum: end.sha1} : {}),
		...(written && content && content.size <= digestedSize
			? {md5sum: createHash('md5').update(content.read()).digest('hex')}
			: {}),
		...(backup ? {backup_file: backup} : {}),
		...pathResult(end),
	};
}
