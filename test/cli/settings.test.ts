import {chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {keywordDefaultsOf, readConfig} from '../../src/cli/config.js';
import {lacking, type Setting, type SettingName, settings} from '../../src/cli/settings.js';
import type {Diagnostic} from '../../src/source/source.js';

const root = mkdtempSync(join(tmpdir(), 'playbill-settings-'));
test.after.always(() => rmSync(root, {recursive: true, force: true}));

/** A folder of its own with an ansible.cfg. */
function folderWith(text: string): string {
	const folder = mkdtempSync(join(root, 'one-'));
	writeFileSync(join(folder, 'ansible.cfg'), text);
	return folder;
}

function read(folder: string, environment: NodeJS.ProcessEnv = {}) {
	const found: Diagnostic[] = [];
	const config = readConfig({HOME: '/nowhere', ...environment}, folder, (diagnostic) => found.push(diagnostic));
	return {config, found, messages: found.map(({message}) => message)};
}

/** Two values that a setting may have, as written. */
function valuesFor({kind, choices}: Setting): [string, string] {
	if (choices) return [choices[0]!, choices[1] ?? choices[0]!];
	if (kind === 'int') return ['7', '8'];
	if (kind === 'bool') return ['true', 'no'];
	return kind === 'text' || kind === 'list' ? ['one', 'two'] : ['/one', '/two'];
}

for (const [name, setting] of Object.entries(settings) as [SettingName, Setting][]) {
	test(`${name}: ansible.cfg gives it, the variable wins`, (t) => {
		const [first, second] = valuesFor(setting);
		const places = [`${setting.section}.${setting.key}`, ...setting.also];
		for (const place of places) {
			const [section, key] = place.split('.');
			const folder = folderWith(`[${section}]\n${key} = ${first}\n`);
			const {config, found} = read(folder);
			t.deepEqual(found, [], place);
			t.is(config.settings[name], first, place);
			for (const variable of setting.environment) {
				t.is(read(folder, {[variable]: second}).config.settings[name], second, variable);
				t.is(read(folder, {[variable]: ''}).config.settings[name], first, `an empty ${variable} says nothing`);
			}
		}
		if (setting.kind === 'int' || setting.kind === 'bool' || setting.choices) {
			const {config, found} = read(folderWith(`[${setting.section}]\n${setting.key} = quite wrong\n`));
			t.is(config.settings[name], undefined);
			t.deepEqual(
				found.map(({severity, code}) => `${severity} ${code}`),
				['error config/value'],
			);
		}
	});
}

test('ansible.cfg is searched for in Ansible’s order', (t) => {
	const named = folderWith('[defaults]\nforks = 1\n');
	const here = folderWith('[defaults]\nforks = 2\n');
	const home = folderWith('');
	writeFileSync(join(home, '.ansible.cfg'), '[defaults]\nforks = 3\n');
	const forks = (folder: string, environment: NodeJS.ProcessEnv) => read(folder, environment).config.settings.forks;
	t.is(forks(here, {HOME: home, ANSIBLE_CONFIG: join(named, 'ansible.cfg')}), '1');
	t.is(forks(here, {HOME: home, ANSIBLE_CONFIG: named}), '1', 'a folder stands for its ansible.cfg');
	t.is(forks(here, {HOME: home}), '2');
	t.is(forks(here, {HOME: home, ANSIBLE_CONFIG: '/nowhere/ansible.cfg'}), '2');
	const empty = join(here, 'empty');
	mkdirSync(empty);
	t.is(forks(empty, {HOME: home}), '3');
	chmodSync(here, 0o777);
	const open = read(here, {HOME: home});
	t.is(open.config.settings.forks, '3', 'not from a folder that everyone may write');
	t.is(open.found.length, 1);
});

test('paths start at the file, and at the working folder for variables', (t) => {
	const folder = folderWith('[defaults]\ninventory = hosts.ini, more\nroles_path = a:~/b\n');
	const {config} = read(folder, {HOME: '/home/me', ANSIBLE_LOG_PATH: 'log'});
	t.is(config.settings.inventory, `${folder}/hosts.ini,${folder}/more`);
	t.is(config.settings.rolesPath, `${folder}/a:/home/me/b`);
	t.is(config.settings.logPath, `${folder}/log`);
});

test('what is not read is named once, what steers Python is not', (t) => {
	const lines = ['fork = 3', 'fact_caching = jsonfile', 'filter_plugins = x', 'interpreter_python = auto'];
	const {messages, found} = read(folderWith(`[defaults]\n${lines.join('\n')}\n[colors]\nwarn = red\n`));
	t.deepEqual(messages, [
		'the setting `fork` in [defaults] has no meaning here',
		'the setting `fact_caching` in [defaults] is not offered',
		'`filter_plugins`: Python plugins cannot be loaded',
	]);
	t.regex(found[0]!.labels[0]!.text ?? '', /forks/);
});

test('a variable of a setting that is lacking is named', (t) => {
	for (const variable of Object.values(lacking)) {
		if (variable)
			t.deepEqual(read(folderWith(''), {[variable]: '1'}).messages, [
				`the setting \`${variable}\` of the environment is not offered`,
			]);
	}
});

test('three settings stand for keywords of every play', (t) => {
	const {config} = read(folderWith('[defaults]\nno_log = yes\ntask_timeout = 3\n'));
	const defaults = [...keywordDefaultsOf(config)].map(([name, node]) => [name, node.kind === 'scalar' ? node.value : node.kind]);
	t.deepEqual(defaults, [
		['no_log', true],
		['timeout', 3],
	]);
});
