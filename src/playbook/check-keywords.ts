import {didYouMean, getEntry, type MapNode, type Node, type ScalarNode} from '../source/source.js';
import {keywords, keywordsOf, type Place, type Shape} from './keywords.js';
import {complain, describeNode, type Reading} from './reading.js';
import {checkVars} from './variable-names.js';

/** Checks the names and the rough shapes of the keywords of a play, role entry, block or task; `isOther` knows names that are no keywords. */
export function checkKeywords(
	reading: Reading,
	map: MapNode,
	place: Place,
	isOther: (name: string) => boolean = () => false,
): void {
	for (const {key, value} of map.entries) {
		const keyword = keywords[key.text];
		if (!keyword?.places.includes(place)) {
			if (isOther(key.text)) continue;
			complain(reading, 'playbook/unknown-keyword', key.span, `\`${key.text}\` is not a keyword of a ${place}`, {
				text: didYouMean(key.text, keywordsOf(place)),
				help: keyword ? `\`${key.text}\` may stand on a ${keyword.places.join(', ')}` : undefined,
				ansible: `'${key.text}' is not a valid attribute for a ${ansiblePlace[place]}`,
			});
			continue;
		}
		if (keyword.unsupported && !isHarmless(key.text, value)) {
			complain(reading, 'playbook/unsupported', key.span, `\`${key.text}\`: Playbill does not do ${keyword.unsupported} yet`);
		}
		if (key.text === 'module_defaults') checkDefaults(reading, value);
		if (key.text === 'vars_prompt') checkPrompts(reading, value);
		if (key.text === 'vars') checkVars(reading, value, ansiblePlace[place]);
		const wrong = misfit(keyword.shape, value);
		if (wrong)
			complain(reading, 'playbook/keyword-value', value.span, `\`${key.text}\` must be ${wrong}, not ${describeNode(value)}`);
		else if (keyword.choices && value.kind === 'scalar') checkChoice(reading, key.text, value, keyword.choices);
		else if (keyword.known && value.kind === 'scalar') checkPlugin(reading, key.text, value, keyword.known);
	}
}

/** The names in `module_defaults` are modules, or groups of a collection's; what they are given may be a template. */
function checkDefaults(reading: Reading, node: Node): void {
	const maps = node.kind === 'seq' ? node.items : [node];
	for (const {key, value} of maps.flatMap((one) => (one.kind === 'map' ? one.entries : []))) {
		if (!key.text.startsWith('group/')) reading.noteDefaults(key.text, key.span);
		const isGood = value.kind === 'map' || (value.kind === 'scalar' && (value.value === null || value.text.includes('{{')));
		if (!isGood)
			complain(
				reading,
				'playbook/keyword-value',
				value.span,
				`the defaults of a module must be a mapping, not ${describeNode(value)}`,
			);
	}
}

function checkPrompts(reading: Reading, node: Node): void {
	const prompts = node.kind === 'seq' ? node.items : [node];
	for (const prompt of prompts) {
		if (prompt.kind !== 'map' || getEntry(prompt, 'name')) continue;
		complain(reading, 'playbook/keyword-value', prompt.span, 'what is asked for needs a `name`', {
			ansible: "Invalid vars_prompt data structure, missing 'name' key",
		});
	}
}

function checkChoice(reading: Reading, keyword: string, value: ScalarNode, choices: readonly string[]): void {
	if (value.value === null || value.text.includes('{{') || choices.includes(value.text)) return;
	complain(reading, 'playbook/keyword-value', value.span, `\`${keyword}\` must be one of ${choices.join(', ')}`, {
		text: didYouMean(value.text, choices),
		ansible: `Invalid 'order' specified for inventory hosts: ${value.text}`,
	});
}

/** A keyword that names a plugin of Ansible's: which ones are here is known. */
function checkPlugin(reading: Reading, keyword: string, value: ScalarNode, known: readonly string[]): void {
	const name = value.text.replace(/^(ansible\.(builtin|legacy|netcommon)|community\.docker|containers\.podman)\./, '');
	if (value.value === null || name === '' || name.includes('{{') || known.includes(name)) return;
	complain(
		reading,
		keyword === 'strategy' ? 'playbook/unsupported' : 'connection/unsupported',
		value.span,
		`Playbill has no ${keyword} \`${value.text}\``,
		{text: didYouMean(name, known), help: `it has ${known.join(', ')}`},
	);
}

const ansiblePlace: Readonly<Record<Place, string>> = {
	play: 'Play',
	role: 'RoleInclude',
	block: 'Block',
	task: 'Task',
	handler: 'Handler',
};

/** A keyword we lack, with the value that asks for nothing (`async: 0`, `debugger: never`). */
function isHarmless(name: string, value: Node): boolean {
	if (value.kind !== 'scalar') return false;
	return (
		isEmpty(value) || (name === 'async' ? value.value === 0 : name === 'debugger' ? value.text === 'never' : name === 'poll')
	);
}

/** What the value should have been, when it is not. The tasks of a play are judged where they are read. */
function misfit(shape: Shape, node: Node): string | undefined {
	return fits[shape](node) ? undefined : wanted[shape];
}

const fits: Readonly<Record<Shape, (node: Node) => boolean>> = {
	any: () => true,
	arguments: (node) => isEmpty(node) || isTemplate(node) || node.kind === 'map',
	body: (node) => !isEmpty(node),
	bool: (node) => isEmpty(node) || isTemplate(node) || (node.kind === 'scalar' && truth.test(node.text)),
	condition: (node) => node.kind !== 'map',
	files: (node) => isEmpty(node) || isText(node) || isListOf(node, (item) => isText(item) || isListOf(item, isText)),
	int: (node) => isEmpty(node) || isTemplate(node) || (node.kind === 'scalar' && /^\s*-?\d*\s*$/.test(node.text)),
	list: (node) => isEmpty(node) || node.kind === 'seq',
	map: (node) => node.kind === 'map',
	maps: (node) => isEmpty(node) || node.kind === 'map' || isListOf(node, (item) => item.kind === 'map'),
	names: (node) => isEmpty(node) || isText(node) || isListOf(node, isText),
	tags: (node) => isText(node) || isListOf(node, (item) => isText(item) || typeof asScalar(item) === 'number'),
	tasks: () => true,
	text: (node) => node.kind === 'scalar',
};

const wanted: Readonly<Record<Shape, string>> = {
	any: 'anything',
	arguments: 'a mapping of arguments',
	body: 'a list of tasks',
	bool: 'true or false',
	condition: 'a condition or a list of conditions',
	files: 'a file name or a list of them',
	int: 'a whole number',
	list: 'a list',
	map: 'a mapping',
	maps: 'a mapping or a list of mappings',
	names: 'a text or a list of texts',
	tags: 'a tag or a list of tags',
	tasks: 'a list of tasks',
	text: 'a text',
};

const truth = /^(y|n|yes|no|on|off|true|false|0|1|0\.0|1\.0|t|f|)$/i;

function asScalar(node: Node): ScalarNode['value'] | undefined {
	return node.kind === 'scalar' ? node.value : undefined;
}

/** Nothing stands there. */
export function isEmpty(node: Node): boolean {
	return asScalar(node) === null;
}

function isText(node: Node): boolean {
	return typeof asScalar(node) === 'string';
}

function isTemplate(node: Node): boolean {
	return node.kind === 'scalar' && node.text.includes('{{');
}

function isListOf(node: Node, isItem: (item: Node) => boolean): boolean {
	return node.kind === 'seq' && node.items.every(isItem);
}
