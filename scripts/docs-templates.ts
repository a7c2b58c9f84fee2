import {globalNames} from '../src/jinja/jinja.js';
import {maximumDepth, maximumItems, maximumIterations, maximumLength, maximumNesting} from '../src/jinja/limits.js';
import {dictMethods, listMethods, tupleMethods} from '../src/jinja/python/container-methods.js';
import {stringMethods} from '../src/jinja/python/string-methods.js';
import {plugins} from '../src/jinja/registry.js';
import {lookupManual} from '../src/lookup/lookup.js';

/** The text of docs/templates.md. */
export function templatesPage(): string {
	return `${[
		'# Templates',
		'<!-- Made by `npm run docs` from the language itself; changes by hand are lost. Its examples are run as tests. -->',
		`Jinja2 with the rules of ansible-core 2.21: values keep their types, what is undefined fails with its name and place, only texts of your own files are templates.
Where Playbill differs on purpose, [compatibility](compatibility.md) says so and why. Examples stand as in a template, their results as Python shows them.`,
		'## Statements',
		`\`for\` (with \`if\`, \`else\`, \`recursive\`), \`if\`/\`elif\`/\`else\`, \`set\` and set blocks, \`macro\`, \`call\`, \`filter\`, \`with\`, \`block\`, \`extends\`, \`include\`, \`import\`,
\`from … import\`, \`raw\`, comments, white space control (\`-\`, \`+\`, \`trim_blocks\`, \`lstrip_blocks\`), and \`#jinja2: key: value, …\` as the first line. \`do\`, \`break\` and \`continue\` are off, as in Ansible.`,
		'## Limits',
		`One evaluation may loop ${count(maximumIterations)} times, make texts of ${count(maximumLength)} characters and lists of ${count(maximumItems)} items, nest ${maximumNesting} levels in one source
and ${maximumDepth} templates, macros and includes in each other. A regular expression that would take long on a text is stopped. Each is far above what real templates need; who reaches one is told which.`,
		'## Globals',
		`${globalNames().sort().map(code).join(', ')}, and \`loop\`, \`self\`, \`super\`, \`caller\`, \`varargs\`, \`kwargs\` where Jinja has them.`,
		'## Methods',
		[
			`- texts: ${names(stringMethods, ['format', 'format_map'])}`,
			`- lists: ${names(listMethods)}`,
			`- tuples: ${names(tupleMethods)}`,
			`- dicts: ${names(dictMethods)}`,
		].join('\n'),
		'## Filters',
		pluginTable('filter'),
		'## Tests',
		pluginTable('test'),
		'## Lookups',
		'`lookup(name, …)` joins what it finds with commas (or gives the only thing as it is), `query(name, …)` and `q` give a list; `wantlist` and `errors` (`strict`, `warn`, `ignore`) work for all.',
		table(
			['lookup', 'terms and options', 'what it gives', 'example'],
			Object.entries(lookupManual).map(([name, {signature, summary, example}]) => [
				code(name),
				code(signature),
				summary,
				shown(example),
			]),
		),
	].join('\n\n')}\n`;
}

function pluginTable(kind: 'filter' | 'test'): string {
	const rows = plugins()
		.filter((one) => one.kind === kind)
		.map(({name, plugin}) => ({name: name.replace(/^.*\./, ''), full: name, plugin}))
		.sort((a, b) => (a.name < b.name ? -1 : 1))
		.map(({name, full, plugin: {signature, summary, aliases = [], example}}) => {
			const also = [...(full === name ? [] : [full]), ...aliases.filter((one) => one !== name)];
			return [
				code(name) + (also.length ? ` (${also.map(code).join(', ')})` : ''),
				signature === '' ? '' : code(signature),
				summary,
				example ? shown(example) : '',
			];
		});
	return table([kind, 'parameters, the value first', 'what it gives', 'example'], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
	return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** An expression and its result. */
function shown([expression, result]: readonly [string, string]): string {
	return `${code(expression)} → ${code(result)}`;
}

function code(text: string): string {
	const escaped = text.replaceAll('|', '\\|').replaceAll('\n', '\\n');
	return escaped.includes('`') ? `\`\` ${escaped} \`\`` : `\`${escaped}\``;
}

function names(methods: object, more: readonly string[] = []): string {
	return [...Object.keys(methods), ...more].sort().map(code).join(', ');
}

function count(amount: number): string {
	return String(amount).replace(/\B(?=(\d{3})+$)/g, ' ');
}
