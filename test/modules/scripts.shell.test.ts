import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {sh} from '../../src/connection/connection.js';
import {root} from '../project.js';

const sources = join(root, 'src');
const shells: readonly (readonly [string, ...string[]])[] = [['dash'], ['bash', '--posix'], ['busybox', 'ash']];
const here = shells.filter(([program]) => spawnSync('which', [program]).status === 0);

/** Parts that run only together with others, which their own tests put together. */
const parts = new Set(['modules/kinds/package.ts askManagers', 'modules/kinds/package.ts answer']);

/** Every script of the source, cut out of the files, so that none can be forgotten. */
function scripts(): readonly {readonly name: string; readonly text: string}[] {
	const files = readdirSync(sources, {recursive: true, encoding: 'utf8'}).filter((name) => name.endsWith('.ts'));
	return files.flatMap((file) =>
		[...readFileSync(join(sources, file), 'utf8').matchAll(/const (\w+) = sh`([\s\S]*?)`;/g)].map(([, name, body]) => {
			const strings = Object.assign([body!], {raw: [body!]}) as unknown as TemplateStringsArray;
			return {name: `${file} ${name}`, text: sh(strings).text};
		}),
	);
}

const hasShellCheck = existsSync('/usr/bin/shellcheck');
for (const {name, text} of scripts()) {
	if (parts.has(name)) continue;
	test(`${name} says first what it prints`, (t) => t.regex(text, /^# prints /));
	for (const [program, ...words] of here) {
		test(`${name} is read by ${program}`, (t) => t.notThrows(() => execFileSync(program, [...words, '-n'], {input: text})));
	}
	if (/^\s*trap .* EXIT\b/m.test(text)) {
		test(`${name} tidies up whatever ends it, undisturbed`, (t) =>
			t.regex(text, /^\s*trap 'trap "" HUP INT PIPE TERM; (waiting=""; tidy; )?exit \d+' HUP INT PIPE TERM$/m));
	}
	(hasShellCheck ? test : test.skip)(`${name} passes ShellCheck`, (t) => {
		const {stdout} = spawnSync('shellcheck', ['-s', 'sh', '-'], {input: text, encoding: 'utf8'});
		t.is(stdout, '');
	});
}
