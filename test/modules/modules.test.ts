import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {builtinName, findModule, isRefusal, moduleNames} from '../../src/modules/modules.js';
import {root} from '../project.js';

test('every name gives a definition of that name, with a description of each argument', async (t) => {
	for (const name of moduleNames) {
		const found = await findModule(name);
		if (isRefusal(found)) {
			t.fail(`${name} is refused`);
			continue;
		}
		t.true(found.name === builtinName(name), name);
		t.truthy(found.summary, name);
		for (const [argument, {description, choices, default: value}] of Object.entries(found.args)) {
			t.truthy(description, `${name}: ${argument} has no description`);
			if (choices && value !== undefined && !Array.isArray(value))
				t.true(choices.includes(value as string), `${name}: ${argument}`);
		}
	}
});

for (const name of ['ansible.builtin.debug', 'ansible.legacy.debug', 'debug']) {
	test(`finds ${name}`, async (t) => {
		const found = await findModule(name);
		t.is(isRefusal(found) ? undefined : found.name, 'debug');
	});
}

const refused: [name: string, kind: 'unsupported' | 'unknown', message: RegExp, ...nearest: string[]][] = [
	['git', 'unsupported', /Ansible's module `git`/],
	['ansible.builtin.pip', 'unsupported', /`pip`/],
	['timezone', 'unsupported', /`community\.general\.timezone`/],
	['osx_say', 'unsupported', /`community\.general\.say`/],
	['community.general.timezone', 'unsupported', /`community\.general\.timezone`/],
	['my.own.thing', 'unsupported', /does not load collections/],
	['my.own.copy', 'unsupported', /`my\.own\.copy`/, 'ansible.builtin.copy'],
	['copyy', 'unknown', /there is no module `copyy`/, 'copy'],
	['ansible.builtin.comand', 'unknown', /`ansible\.builtin\.comand`/, 'command'],
	['timezon', 'unknown', /`timezon`/, 'community.general.timezone'],
	['constructor', 'unknown', /`constructor`/],
];
for (const [name, kind, message, ...nearest] of refused) {
	test(`refuses ${name}`, async (t) => {
		const found = await findModule(name);
		if (!isRefusal(found)) return t.fail();
		t.is(found.unsupported, kind);
		t.regex(found.message, message);
		if (nearest.length > 0 || kind === 'unknown') t.deepEqual(found.nearest.slice(0, nearest.length), nearest);
		t.is(
			found.ansible,
			`couldn't resolve module/action '${name}'. This often indicates a misspelling, missing collection, or incorrect module path.`,
		);
	});
}

test('the table names every file that defines a module', (t) => {
	const files = readdirSync(join(root, 'src/modules')).map((file) => file.replace(/\.ts$/, '').replaceAll('-', '_'));
	for (const name of new Set(moduleNames.map((one) => builtinName(one)!))) t.true(files.includes(name), name);
});
