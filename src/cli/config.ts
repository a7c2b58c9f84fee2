import {accessSync, constants, statSync} from 'node:fs';
import {dirname, isAbsolute, join, resolve} from 'node:path';
import {type Diagnostic, type Node, parseYaml, SourceFile, type Span} from '../source/source.js';
import {checkVariables, readIni, type Written} from './config-file.js';
import {type Kind, type Setting, type SettingName, settings} from './settings.js';

/** What ansible.cfg and `ANSIBLE_*` may say here, with Ansible's defaults. */
export interface Config {
	readonly file: string | undefined;
	readonly settings: Readonly<Record<SettingName, string | undefined>>;
}

/** Finds ansible.cfg as Ansible does and reads it with the environment laid over it. */
export function readConfig(environment: NodeJS.ProcessEnv, cwd: string, report: (diagnostic: Diagnostic) => void): Config {
	const file = findConfig(environment, cwd, report);
	const written: ReadonlyMap<string, Written> = file ? readIni(file, report) : new Map();
	const base = file ? dirname(file) : cwd;
	const values: Record<string, string | undefined> = {};
	for (const [name, {section, key, environment: names, kind, also}] of Object.entries(settings) as [SettingName, Setting][]) {
		const variable = names.find((one) => environment[one] !== undefined && environment[one] !== '');
		const entry = [`${section}.${key}`, ...also].map((place) => written.get(place)).find((one) => one !== undefined);
		const text = variable ? environment[variable] : entry?.text;
		if (text === undefined) continue;
		const value = normalize(text, kind, variable ? cwd : base, environment);
		const wrong = misfit(name, kind, value);
		if (wrong === undefined) values[name] = value;
		else report(wrongValue(variable ?? `${key}`, variable ? undefined : entry?.span, value, wrong));
	}
	checkVariables(environment, report);
	return {file, settings: values as Config['settings']};
}

function findConfig(environment: NodeJS.ProcessEnv, cwd: string, report: (diagnostic: Diagnostic) => void): string | undefined {
	const named = environment['ANSIBLE_CONFIG'];
	if (named) {
		const path = isFolder(named) ? join(named, 'ansible.cfg') : named;
		if (isReadable(path)) return resolve(cwd, path);
	}
	const here = join(cwd, 'ansible.cfg');
	if (isReadable(here)) {
		if ((statSync(cwd).mode & 0o002) === 0 || named) return here;
		report({
			severity: 'warning',
			code: 'config/value',
			message: `${cwd} is writable by everyone, so its ansible.cfg is not read`,
			labels: [],
			ansible: `Ansible is being run in a world writable directory (${cwd}), ignoring it as an ansible.cfg source.`,
		});
	}
	return [join(environment['HOME'] ?? '/', '.ansible.cfg'), '/etc/ansible/ansible.cfg'].find(isReadable);
}

/** What a setting must be, when its value is not that. */
function misfit(name: SettingName, kind: Kind, value: string): string | undefined {
	if (kind === 'bool') return isBoolean.test(value) ? undefined : 'true or false';
	if (kind === 'int') return /^\d+$/.test(value) && (name !== 'forks' || Number(value) > 0) ? undefined : 'a whole number';
	const {choices}: Setting = settings[name];
	return choices && !choices.includes(value) ? `one of ${choices.join(', ')}` : undefined;
}

const isBoolean = /^(true|yes|on|y|t|1|1\.0|false|no|off|n|f|0|0\.0|)$/i;

function wrongValue(name: string, span: Span | undefined, value: string, wrong: string): Diagnostic {
	return {
		severity: 'error',
		code: 'config/value',
		message: `the setting \`${name}\` must be ${wrong}, not \`${value}\``,
		labels: span ? [{span}] : [],
		...(span ? {} : {notes: ['it comes from the environment']}),
	};
}

function normalize(text: string, kind: Kind, base: string, environment: NodeJS.ProcessEnv): string {
	const path = (one: string) => {
		const expanded = one.trim().replace(/^~(?=\/|$)/, environment['HOME'] ?? '~');
		return isAbsolute(expanded) ? expanded : join(base, expanded);
	};
	const unquoted = text.trim().replace(/^(["'])(.*)\1$/, '$2');
	if (kind === 'path') return path(unquoted);
	if (kind === 'paths') return unquoted.split(':').filter(Boolean).map(path).join(':');
	if (kind === 'pathlist')
		return unquoted.includes(',') && unquoted.endsWith(',') ? unquoted : unquoted.split(',').filter(Boolean).map(path).join(',');
	return unquoted;
}

/** The items of a list, which commas part. */
export function commas(text: string | undefined): string[] {
	return (text ?? '')
		.split(',')
		.map((part) => part.trim())
		.filter(Boolean);
}

/** The settings that stand for a keyword of every play. */
export function keywordDefaultsOf({settings}: Config): ReadonlyMap<string, Node> {
	const lines = [
		['no_log', settings.noLog],
		['timeout', settings.taskTimeout],
		['any_errors_fatal', settings.anyErrorsFatal],
	].flatMap(([keyword, value]) => (value ? [`${keyword}: ${value}\n`] : []));
	const node = parseYaml(new SourceFile('ansible.cfg', lines.join('')), () => {});
	return new Map(node?.kind === 'map' ? node.entries.map(({key, value}) => [key.text, value]) : []);
}

/** A boolean setting, with its default. */
export function isOn(config: Config, name: SettingName, fallback: boolean): boolean {
	const text = config.settings[name]?.toLowerCase();
	return text === undefined ? fallback : ['1', 'true', 'yes', 'on', 'y', 't'].includes(text);
}

function isReadable(path: string): boolean {
	try {
		accessSync(path, constants.R_OK);
		return statSync(path).isFile();
	} catch {
		return false;
	}
}

function isFolder(path: string): boolean {
	try {
		return statSync(path).isDirectory();
	} catch {
		return false;
	}
}
