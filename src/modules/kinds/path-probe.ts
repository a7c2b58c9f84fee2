import type {Response} from '../../connection/connection.js';
import {ModuleFailure, type Probe, type Read} from '../contract.js';
import {probePaths} from './path-probe-script.js';
import type {PathState} from './path-state.js';
import {presentState} from './path-status.js';

const groupSize = 64;

/** One probe for many paths. Wants: `sha1`, `algorithm` (another digest), `content` (up to so many bytes; true for any size), `mime`, `attributes`. */
export function probeManyPaths(reads: readonly Read<PathState>[]): Probe<readonly PathState[]> {
	return {
		script: probePaths,
		args: reads.flatMap(({key, wants = {}}) => [
			(wants['mime'] ? 'm' : '') + (wants['attributes'] ? 'a' : ''),
			String(wants['algorithm'] ?? (wants['sha1'] ? 'sha1' : '')),
			wants['content'] === true ? '9007199254740991' : wants['content'] ? String(wants['content']) : '',
			key,
		]),
		parse: (response) => parse(response, reads),
	};
}

function parse({stdout, stderr, status}: Response, reads: readonly Read<PathState>[]): readonly PathState[] {
	if (status !== 0) throw new ModuleFailure(`could not read the host's paths: ${stderr.toString().trim()}`, {rc: status});
	const cursor = new Cursor(stdout);
	const umask = Number.parseInt(cursor.line(), 8);
	const states: PathState[] = [];
	for (let start = 0; start < reads.length; start += groupSize) {
		const group = reads.slice(start, start + groupSize);
		const records = group.flatMap(({wants}) => {
			const first = new PathRecord(cursor, wants);
			return first.kind === 'l' ? [first, new PathRecord(cursor, wants)] : [first];
		});
		fill(records, cursor);
		const rest = records.map((record) => record.state(umask));
		for (let index = 0; index < rest.length; index++) {
			const state = rest[index]!;
			states.push(records[index]!.kind === 'l' ? {...state, followed: rest[++index]!} : state);
		}
	}
	return states;
}

/** Gives each record its line of stat, its digest and its content, in the order they were printed. */
function fill(records: readonly PathRecord[], cursor: Cursor): void {
	const there = records.filter(({kind}) => kind === 'x' || kind === 'l');
	const lines = cursor.field().split('\n').slice(0, -1);
	const perPath = lines.length === 2 * there.length && there.length > 0 ? 2 : 1;
	const digested = records.filter(({digest}) => digest === 'later');
	const digests = cursor.field().split('\n').slice(0, -1);
	if (lines.length !== perPath * there.length || digests.length !== digested.length) {
		throw new ModuleFailure(`the paths changed while they were read (${there.map(({path}) => path).join(', ')})`);
	}
	for (const [index, record] of there.entries()) record.status = lines.slice(index * perPath, (index + 1) * perPath);
	for (const [index, record] of digested.entries()) record.digest = digests[index]!.slice(0, digests[index]!.indexOf(' '));
	for (const record of records) if (record.contentSize !== '') record.content = cursor.bytes(Number(record.contentSize));
}

class PathRecord {
	readonly kind: string;
	readonly path: string;
	readonly contentSize: string;
	digest: string;
	status: readonly string[] = [];
	content: Buffer | undefined;
	readonly #wants: NonNullable<Read<PathState>['wants']>;
	readonly #access: string;
	readonly #target: string;
	readonly #mime: string;
	readonly #attributes: string;

	constructor(cursor: Cursor, wants: Read<PathState>['wants'] = {}) {
		this.#wants = wants;
		this.kind = cursor.field();
		this.#access = cursor.field();
		this.path = cursor.field();
		this.#target = cursor.field();
		this.digest = cursor.field();
		this.#mime = cursor.field();
		this.#attributes = cursor.field();
		this.contentSize = cursor.field();
	}

	state(umask: number): PathState {
		const {kind, path, digest, content} = this;
		const access = this.#access;
		if (kind === 'a') return {type: 'absent', path, umask, ...(access.includes('s') ? {throughLink: true} : {})};
		if (kind === 'u') return {type: 'unreadable', path, umask};
		const {details, ...state} = presentState(path, {access, status: this.status}, umask);
		const algorithm = this.#wants['algorithm'];
		return {
			...state,
			...(kind === 'l' ? {target: this.#target} : {}),
			...(digest === '' || digest === 'none' ? {} : algorithm ? {digest} : {sha1: digest}),
			...(content ? {content} : {}),
			...(details && this.#wants['details'] ? {details: {...details, mime: this.#mime, attributes: this.#attributes}} : {}),
		};
	}
}

/** Reads fields that end in NUL, and bytes of a known number that a NUL follows. */
class Cursor {
	readonly #bytes: Buffer;
	#at = 0;
	constructor(bytes: Buffer) {
		this.#bytes = bytes;
	}
	field(): string {
		return this.#until(0).toString();
	}
	line(): string {
		return this.#until(10).toString();
	}
	bytes(count: number): Buffer {
		const end = this.#at + count;
		if (this.#bytes[end] !== 0) throw new ModuleFailure('a file changed while it was read');
		const bytes = Buffer.from(this.#bytes.subarray(this.#at, end));
		this.#at = end + 1;
		return bytes;
	}
	#until(byte: number): Buffer {
		const end = this.#bytes.indexOf(byte, this.#at);
		if (end < 0) throw new ModuleFailure("the host's answer about its paths was cut short");
		const field = this.#bytes.subarray(this.#at, end);
		this.#at = end + 1;
		return field;
	}
}
