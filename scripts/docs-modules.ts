import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ArgumentSpec, ArgumentSpecs} from '../src/modules/argument-spec.js';
import {type Definition, findModule, isRefusal, moduleNames} from '../src/modules/modules.js';

/** Every module once, by its own name. */
export async function definitions(): Promise<Definition[]> {
	const all = new Map<string, Definition>();
	for (const name of moduleNames) {
		const found = await findModule(name);
		if (!isRefusal(found)) all.set(found.name, found);
	}
	return [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The example of a module: a playbook in test/docs/examples, which a test runs where its first line does not say `# not run: why`. */
export function exampleOf(root: string, name: string): string | undefined {
	const folder = join(root, 'test/docs/examples');
	return readdirSync(folder).includes(`${name}.yml`) ? readFileSync(join(folder, `${name}.yml`), 'utf8') : undefined;
}

/** The text of docs/modules/NAME.md. */
export function modulePage(definition: Definition, example: string | undefined): string {
	const {name, summary, aliases} = definition;
	const also = [...(aliases ?? []), ...otherNames(name)];
	return [
		`# ${name}`,
		'<!-- Made by `npm run docs` from the module itself; changes by hand are lost. -->',
		summary,
		`As in Ansible: \`${definition.collection ?? 'ansible.builtin'}.${name}\`${also.length ? `, also ${also.map((one) => `\`${one}\``).join(', ')}` : ''}.`,
		'## Arguments',
		Object.keys(shown(definition.args)).length > 0 ? argumentTable(definition.args) : 'None.',
		...(definition.kind === 'action' && definition.anyArguments ? ['Any other argument name may be used.'] : []),
		...rulesOf(definition),
		'## In check mode',
		checkMode(definition),
		...(example ? ['## Example', `\`\`\`yaml\n${example.trimEnd()}\n\`\`\``] : []),
	]
		.join('\n\n')
		.concat('\n');
}

/** The text of docs/modules.md. */
export function modulesPage(all: readonly Definition[]): string {
	const rows = all.map(({name, summary, kind}) => `| [${name}](modules/${name}.md) | ${summary} | ${kind} |`);
	return `# Modules

<!-- Made by \`npm run docs\` from the modules themselves; changes by hand are lost. -->

A *module* compares what is there with what shall be, and changes only what differs; an *action* has no state to compare.
Names, arguments and return values are Ansible's; \`ansible.builtin.NAME\` works too. What is lacking stands in [compatibility](compatibility.md).

| name | what it does | kind |
| --- | --- | --- |
${rows.join('\n')}
`;
}

const routed: Readonly<Record<string, readonly string[]>> = {dnf: ['yum'], systemd_service: ['systemd']};
function otherNames(name: string): readonly string[] {
	return routed[name] ?? [];
}

/** Arguments that begin with `_` are Playbill's own and come from variables `playbill_NAME`. */
function shown(args: ArgumentSpecs): ArgumentSpecs {
	return Object.fromEntries(Object.entries(args).filter(([name]) => !name.startsWith('_')));
}

function argumentTable(args: ArgumentSpecs, prefix = ''): string {
	return ['| argument | type | default | description |', '| --- | --- | --- | --- |', ...argumentRows(args, prefix)].join('\n');
}

function argumentRows(args: ArgumentSpecs, prefix: string): string[] {
	return Object.entries(shown(args)).flatMap(([name, spec]) => [
		`| \`${prefix}${name}\`${spec.required ? ' (required)' : ''}${aliasesOf(spec)} | ${typeOf(spec)} | ${defaultOf(spec)} | ${describe(spec)} |`,
		...(spec.options ? argumentRows(spec.options, `${prefix}${name}.`) : []),
	]);
}

function aliasesOf({aliases}: ArgumentSpec): string {
	return aliases?.length ? `, ${aliases.map((alias) => `\`${alias}\``).join(', ')}` : '';
}

function typeOf({type = 'str', elements}: ArgumentSpec): string {
	return elements ? `${type} of ${elements}` : type;
}

function defaultOf(spec: ArgumentSpec): string {
	if (spec.default === undefined || spec.default === null) return '';
	return `\`${typeof spec.default === 'string' ? spec.default || "''" : JSON.stringify(spec.default)}\``;
}

function describe({description, choices, no_log}: ArgumentSpec): string {
	const parts = [
		description ?? '',
		choices ? `One of ${choices.map((choice) => `\`${choice}\``).join(', ')}.` : '',
		no_log ? 'Never shown.' : '',
	];
	return parts.filter(Boolean).join(' ').replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function rulesOf({rules}: Definition): string[] {
	const quoted = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');
	const lines = [
		...(rules?.mutuallyExclusive ?? []).map((names) => `- Only one of ${quoted(names)}.`),
		...(rules?.requiredOneOf ?? []).map((names) => `- At least one of ${quoted(names)}.`),
		...(rules?.requiredTogether ?? []).map((names) => `- ${quoted(names)} go together.`),
		...(rules?.requiredIf ?? []).map(
			([name, value, names, any]) => `- \`${name}: ${String(value)}\` needs ${any ? 'one of ' : ''}${quoted(names)}.`,
		),
		...Object.entries(rules?.requiredBy ?? {}).map(([name, names]) => `- \`${name}\` needs ${quoted(names)}.`),
	];
	return lines.length > 0 ? [lines.join('\n')] : [];
}

function checkMode(definition: Definition): string {
	if (definition.kind === 'module')
		return 'It is foretold exactly: what would change is told, shown by `--diff`, and seen by later tasks; nothing is changed.';
	switch (definition.inCheckMode) {
		case 'run':
			return 'It runs as always: it changes nothing on hosts.';
		case 'skip':
			return 'It is skipped, and its results are unknown to later tasks.';
		case 'decide':
			return 'creates' in definition.args
				? 'With `creates` or `removes` it is foretold whether it would run; without them it is skipped, and its results are unknown.'
				: 'It does what it can without changing the host, and foretells the rest.';
	}
}
