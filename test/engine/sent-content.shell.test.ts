import {execFileSync} from 'node:child_process';
import {chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import type {Connection, Request, Shell} from '../../src/connection/connection.js';
import {contentOfFile} from '../../src/connection/content.js';
import {perform} from '../../src/engine/perform.js';
import type {Args, ModuleDefinition, States} from '../../src/modules/contract.js';
import copy from '../../src/modules/copy.js';
import unarchive from '../../src/modules/unarchive.js';
import {hosts, type TestHost} from '../modules/laws.js';
import {performHost} from '../modules/perform-host.js';

const folder = mkdtempSync(join(tmpdir(), 'playbill-sent-'));
const big = join(folder, 'big');
writeFileSync(big, Buffer.alloc(1_500_000, 'what is big '));
const small = join(folder, 'small');
writeFileSync(small, 'small');
const archive = join(folder, 'tree.tgz');
mkdirSync(join(folder, 'tree/some folder'), {recursive: true});
copyFileSync(big, join(folder, 'tree/some folder/-big'));
writeFileSync(join(folder, 'tree/run'), 'small', {mode: 0o750});
execFileSync('tar', ['-C', folder, '-czf', archive, 'tree']);
test.after.always(() => rmSync(folder, {recursive: true, force: true}));

/** A host on which files are made of one of this side, and archives are unpacked, below `base`; `sent` counts the bytes that go there. */
function machineOf(shell: Shell, environment: TestHost['environment'], base: string) {
	const counted = {sent: 0};
	const host = performHost(async () => {
		return {
			run(request: Request) {
				if (typeof request.stdin === 'object')
					counted.sent += 'size' in request.stdin ? request.stdin.size : request.stdin.length;
				return shell.run(request);
			},
		};
	});
	const done = async (module: unknown, source: string, more: Args) => {
		const {args: declared} = module as ModuleDefinition<Args, States>;
		const defaults = Object.entries(declared).flatMap(([one, {default: value}]) => (value === undefined ? [] : [[one, value]]));
		const src = {path: source, name: source, type: 'file', mode: 0o644, content: await contentOfFile(source), entries: []};
		const args = {...Object.fromEntries(defaults), src, ...more};
		return perform(module as ModuleDefinition<Args, States>, args, host, {
			check: false,
			diff: false,
			scope: undefined as never,
			environment,
		});
	};
	const put = async (source: string, name: string, more: Args = {}) => {
		const dest = join(base, name);
		const {failed} = await done(copy, source, {dest, ...more});
		return failed ?? readFileSync(dest).equals(readFileSync(source));
	};
	/** Whether all of the tree is below the folder then. */
	const unpack = async (name: string, more: Args = {}) => {
		const dest = join(base, name);
		mkdirSync(dest, {recursive: true});
		const {failed} = await done(unarchive, archive, {dest, ...more});
		return failed ?? execFileSync('diff', ['-r', join(folder, 'tree'), join(dest, 'tree')], {encoding: 'utf8'});
	};
	return {counted, put, unpack};
}

for (const {name, environment, connect} of hosts()) {
	const base = join(folder, name);
	mkdirSync(base);
	let connection: Connection;
	let shell: Shell;
	test.before(async () => {
		connection = await connect();
		shell = await connection.shell();
	});
	test.after.always(() => connection?.close());
	const machine = () => machineOf(shell, environment, base);

	test.serial(`big content that is wanted at a second place is not sent again (${name})`, async (t) => {
		const {counted, put} = machine();
		t.true(await put(big, 'a'));
		t.true(await put(big, 'b', {mode: '0640'}));
		t.true(await put(big, 'c'));
		t.is(counted.sent, 1_500_000);
	});

	test.serial(`it is sent again when it is no more where it was left (${name})`, async (t) => {
		for (const [how, spoil] of [
			['gone', (path: string) => rmSync(path)],
			['another of its length', (path: string) => writeFileSync(path, Buffer.alloc(1_500_000, 'other'))],
			['shorter', (path: string) => writeFileSync(path, 'other')],
		] as const) {
			const {counted, put} = machine();
			t.true(await put(big, `first ${how}`), how);
			spoil(join(base, `first ${how}`));
			t.true(await put(big, `second ${how}`), how);
			t.is(counted.sent, 3_000_000, how);
		}
	});

	test.serial(`a step that fails fails of its own (${name})`, async (t) => {
		const {put} = machine();
		t.true(await put(big, 'd'));
		t.is(await put(big, 'e', {validate: 'false %s'}), 'failed to validate');
	});

	test.serial(`little content is sent each time (${name})`, async (t) => {
		const {counted, put} = machine();
		t.true(await put(small, 'f'));
		t.true(await put(small, 'g'));
		t.is(counted.sent, 10);
	});

	test.serial(`nor is what was unpacked (${name})`, async (t) => {
		const {counted, unpack} = machine();
		t.is(await unpack('one'), '');
		const {sent} = counted;
		t.true(sent > 1_500_000);
		t.is(await unpack('two'), '');
		t.is(statSync(join(base, 'two/tree/run')).mode & 0o777, 0o750);
		t.true(counted.sent - sent < 1000, `${counted.sent - sent}`);
		t.is(await unpack('two'), '', 'and nothing is where all is there');
		t.true(counted.sent - sent < 1000);
		t.is(await unpack('three', {mode: '0700'}), '', 'with other modes it is');
		t.is(statSync(join(base, 'three/tree/run')).mode & 0o777, 0o700);
	});

	test.serial(`it is unpacked again when it is no more as it was left (${name})`, async (t) => {
		for (const [how, spoil] of [
			['gone', (path: string) => rmSync(join(path, 'run'))],
			['another', (path: string) => writeFileSync(join(path, 'run'), 'other')],
			['with another mode', (path: string) => chmodSync(join(path, 'some folder'), 0o700)],
		] as const) {
			const {counted, unpack} = machine();
			t.is(await unpack(`unpacked, ${how}`), '', how);
			spoil(join(base, `unpacked, ${how}/tree`));
			t.is(await unpack(`again, ${how}`), '', how);
			t.true(counted.sent > 3_000_000, how);
			t.is(statSync(join(base, `again, ${how}/tree/some folder`)).mode & 0o777, 0o755);
		}
	});
}
