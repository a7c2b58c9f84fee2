import type {Response} from '../../connection/connection.js';
import {type Kind, ModuleFailure, type Read} from '../contract.js';
import {type PathState, pathKind} from '../kinds/path.js';
import {parseStatus} from '../kinds/path-status.js';
import {archiveScript} from './host-source.js';

/** An archive of the host against the folder that it is unpacked into. */
export interface HostArchive {
	/** The archive is not there (yet). */
	readonly missing: boolean;
	/** Whether everything of it is in the folder: planned only. */
	readonly unpacked?: boolean;
	/** What it brings, with paths in the folder. */
	readonly wanted: readonly PathState[];
	/** What is at the same paths. */
	readonly present: readonly PathState[];
}

/** Archives of the host: unpacked into a private temporary folder to see what they bring. */
export const archiveKind: Kind<HostArchive> = {
	name: 'archive',
	probe: ([read]) => {
		const [src = '', dest = '', count = '0', ...words] = read!.key.split('\0');
		return {
			...archiveScript(src, read!.wants?.['trusting'] !== true),
			args: ['look', src, dest, count, ...words],
			parse: (response) => [parseArchive(response, dest)],
		};
	},
	equal: (actual, planned) =>
		actual.missing === planned.missing &&
		planned.present.length === actual.present.length &&
		planned.present.every((state, index) => pathKind.equal(actual.present[index]!, state)),
};

/** The reading of an archive: what identifies it is all that its unpacking depends on. */
export function readArchive(
	src: string,
	dest: string,
	tarWords: readonly string[],
	zipWords: readonly string[],
	validateCerts: boolean,
): Read<HostArchive> {
	const key = [src, dest, String(tarWords.length), ...tarWords, ...zipWords].join('\0');
	return {kind: archiveKind, key, ...(validateCerts ? {} : {wants: {trusting: true}})};
}

function parseArchive({stdout, stderr, status}: Response, dest: string): HostArchive {
	if (status === 7) return {missing: true, wanted: [], present: []};
	if (status !== 0) throw new ModuleFailure(stderr.toString().trim() || `unpacking ended with status ${status}`);
	const fields = stdout.toString().split('\0');
	const wanted: PathState[] = [];
	const present: PathState[] = [];
	for (let at = 0; at + 1 < fields.length; ) {
		const records: (readonly [name: string, here: string, target: string, there: string])[] = [];
		while (fields[at] !== '') {
			records.push([fields[at]!, fields[at + 1]!, fields[at + 2]!, fields[at + 3]!]);
			at += 4;
		}
		const [lines, digests, linesThere, digestsThere] = fields
			.slice(at + 1, at + 5)
			.map((field) => field.split('\n').slice(0, -1)) as [string[], string[], string[], string[]];
		at += 5;
		for (const [name, here, target, there] of records) {
			const path = `${dest.replace(/\/+$/, '')}/${name.replace(/^\.\//, '')}`;
			const brought = stateOf(path, lines, digests, target, false);
			wanted.push(brought);
			present.push(here ? stateOf(path, linesThere, digestsThere, there, brought.type !== 'file') : {type: 'absent', path});
		}
	}
	return {missing: false, wanted, present};
}

/** Takes the next line of stat, and the next digest when it is a file that was digested. */
function stateOf(path: string, lines: string[], digests: string[], target: string, undigested: boolean): PathState {
	const line = lines.shift();
	if (line === undefined) throw new ModuleFailure('the archive or the folder changed while it was read');
	const {details: _, ...status} = parseStatus([line]);
	const sha1 = status.type === 'file' && !undigested ? digests.shift()?.replace(/ .*$/s, '') : undefined;
	return {...status, path, ...(status.type === 'link' ? {target} : {}), ...(sha1 === undefined ? {} : {sha1})};
}
