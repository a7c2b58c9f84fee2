import {type Content, contentInTurn, progressIn} from '../../connection/connection.js';
import {fileHeader, padding} from '../archive/tar.js';
import type {Step} from '../contract.js';
import {attributeArguments, changeStep, failureOf, type PathChange} from './path-change.js';
import {baseName, parentOf} from './path-names.js';
import {writeFiles} from './write-files-script.js';

type Write = PathChange & {readonly verb: 'write'};

/** Larger files are written one by one: what goes beyond the rest costs little then, and one process holds all of a small one in memory. */
const SMALL = 1024 * 1024;
/** So much goes in one step at the most, which keeps the new files beside the old until all have come. */
const MOST_FILES = 1000;
/** Bytes of all their names: programs get them as arguments, of which a host takes about two million bytes. */
const MOST_NAMES = 200_000;
/** Bytes of a tar that go together. */
const RECORD = 10240;
const MOST_BYTES = 64 * 1024 * 1024;
/** Stdin ends with it, so that no file can be short unseen. */
const END = Buffer.from('end');

/** The steps that write files: small ones many at a time, with few processes on the host, each still put in place whole. */
export function writeSteps(writes: readonly Write[]): readonly Step[] {
	const small = writes.filter(goesWithOthers);
	if (small.length < 2) return writes.map((write) => changeStep([write]));
	const large = writes.filter((write) => !goesWithOthers(write));
	return [...batches(small).map(writeStep), ...large.map((write) => changeStep([write]))];
}

function goesWithOthers({path, content, backup, unsafeWrites, validate, afresh}: Write): boolean {
	const isPlain = !backup && !unsafeWrites && !validate && !afresh && !('temporary' in content && content.temporary);
	return isPlain && sizeOf(content) <= SMALL && Buffer.byteLength(baseName(path)) < 99;
}

function sizeOf(content: Write['content']): number {
	return Buffer.isBuffer(content) ? content.length : (content.size ?? Number.POSITIVE_INFINITY);
}

function batches(writes: readonly Write[]): readonly (readonly Write[])[] {
	const found: Write[][] = [];
	let [names, bytes] = [Number.POSITIVE_INFINITY, 0];
	for (const write of writes) {
		names += write.path.length;
		bytes += sizeOf(write.content);
		if (names > MOST_NAMES || bytes > MOST_BYTES || found.at(-1)!.length === MOST_FILES) {
			found.push([]);
			[names, bytes] = [write.path.length, sizeOf(write.content)];
		}
		found.at(-1)!.push(write);
	}
	return found;
}

/** Files of one folder with the same attributes are written together. */
function writeStep(writes: readonly Write[]): Step {
	const groups = new Map<string, Write[]>();
	for (const write of writes) {
		const key = JSON.stringify([parentOf(write.path), ...attributeArguments(write)]);
		const group = groups.get(key) ?? [];
		group.push(write);
		groups.set(key, group);
	}
	const ordered = [...groups.values()];
	return {
		script: writeFiles,
		args: ordered.flatMap((group) => [
			parentOf(group[0]!.path),
			...attributeArguments(group[0]!),
			String(group.length),
			...group.flatMap(({path, content}) => [baseName(path), String(sizeOf(content)), 'path' in content ? content.path : '']),
		]),
		stdin: contentInTurn([...ordered.flatMap(archived), END]),
		repeatable: true,
		shows: progressIn,
		parse(response) {
			if (response.status !== 0) throw failureOf(response);
		},
	};
}

/** The tar of a group, filled up to whole records; nothing where the files come from the host. */
function archived(group: readonly Write[]): readonly (Content | Buffer)[] {
	const parts = group.flatMap(({path, content}) => {
		if ('path' in content) return [];
		const size = sizeOf(content);
		return [fileHeader(baseName(path), size), content, padding(size)];
	});
	if (parts.length === 0) return [];
	const bytes = 1024 + parts.reduce((sum, part) => sum + (Buffer.isBuffer(part) ? part.length : part.size), 0);
	return [...parts, Buffer.alloc(1024 + Math.ceil(bytes / RECORD) * RECORD - bytes)];
}
