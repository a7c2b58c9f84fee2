import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {type Connection, openConnection, type Request} from '../../src/connection/connection.js';
import {contentOfFile} from '../../src/connection/content.js';
import {perform} from '../../src/engine/perform.js';
import type {Args, ModuleDefinition, States} from '../../src/modules/contract.js';
import copy from '../../src/modules/copy.js';
import {localTarget, performHost} from '../modules/perform-host.js';

const folder = mkdtempSync(join(tmpdir(), 'playbill-sent-'));
const big = join(folder, 'big');
writeFileSync(big, Buffer.alloc(1_500_000, 'what is big '));
const small = join(folder, 'small');
writeFileSync(small, 'small');
let connection: Connection;
test.before(async () => {
	connection = await openConnection(localTarget, {home: folder, user: 'root'});
});
test.after.always(async () => {
	await connection.close();
	rmSync(folder, {recursive: true, force: true});
});

/** A host on which files are made of one of this side; `sent` counts the bytes that go there. */
function machine() {
	const counted = {sent: 0};
	const host = performHost(async () => {
		const shell = await connection.shell();
		return {
			run(request: Request) {
				if (typeof request.stdin === 'object' && 'size' in request.stdin) counted.sent += request.stdin.size;
				return shell.run(request);
			},
		};
	});
	const put = async (source: string, name: string, more: Args = {}) => {
		const dest = join(folder, name);
		const defaults = Object.entries(copy.args).flatMap(([one, {default: value}]) => (value === undefined ? [] : [[one, value]]));
		const src = {path: source, name: source, type: 'file', mode: 0o644, content: await contentOfFile(source), entries: []};
		const args = {...Object.fromEntries(defaults), dest, src, ...more};
		const {failed} = await perform(copy as unknown as ModuleDefinition<Args, States>, args, host, {
			check: false,
			diff: false,
			scope: undefined as never,
		});
		return failed ?? readFileSync(dest).equals(readFileSync(source));
	};
	return {counted, put};
}

test.serial('big content that is wanted at a second place is not sent again', async (t) => {
	const {counted, put} = machine();
	t.true(await put(big, 'a'));
	t.true(await put(big, 'b', {mode: '0640'}));
	t.true(await put(big, 'c'));
	t.is(counted.sent, 1_500_000);
});

test.serial('it is sent again when it is no more where it was left', async (t) => {
	for (const [name, spoil] of [
		['gone', (path: string) => rmSync(path)],
		['another of its length', (path: string) => writeFileSync(path, Buffer.alloc(1_500_000, 'other'))],
		['shorter', (path: string) => writeFileSync(path, 'other')],
	] as const) {
		const {counted, put} = machine();
		t.true(await put(big, `first ${name}`), name);
		spoil(join(folder, `first ${name}`));
		t.true(await put(big, `second ${name}`), name);
		t.is(counted.sent, 3_000_000, name);
	}
});

test.serial('a step that fails fails of its own', async (t) => {
	const {put} = machine();
	t.true(await put(big, 'd'));
	t.is(await put(big, 'e', {validate: 'false %s'}), 'failed to validate');
});

test.serial('little content is sent each time', async (t) => {
	const {counted, put} = machine();
	t.true(await put(small, 'f'));
	t.true(await put(small, 'g'));
	t.is(counted.sent, 10);
});
