import {accessSync, chmodSync, constants, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';

/** The shells that the rows run in. A command of two words gets a wrapper, since a connection's shell is one program. */
const WANTED: Readonly<Record<string, readonly string[]>> = {
	dash: ['/bin/dash'],
	'bash --posix': ['/bin/bash', '--posix'],
	'busybox ash': ['/bin/busybox', 'ash'],
	ksh: ['/bin/ksh'],
	/** It has no printf of its own. */
	mksh: ['/bin/mksh'],
};

const told = new Set<string>();

/** The shells that this machine has, by name; for each that is missing, a test is told to be skipped. */
export function presentShells(): Readonly<Record<string, string>> {
	const present: Record<string, string> = {};
	const folder = mkdtempSync(join(tmpdir(), 'playbill-shells-'));
	chmodSync(folder, 0o755);
	process.once('exit', () => rmSync(folder, {recursive: true, force: true}));
	for (const [name, command] of Object.entries(WANTED)) {
		if (!runs(command[0]!)) {
			if (!told.has(name)) test.skip(`in ${name}: it is not on this machine`, () => {});
			told.add(name);
			continue;
		}
		const path = join(folder, name.replace(/\W+/g, '-'));
		writeFileSync(path, `#!/bin/sh\nexec ${command.join(' ')} "$@"\n`, {mode: 0o755});
		present[name] = command.length === 1 ? command[0]! : path;
	}
	return present;
}

function runs(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}
