import {didYouMean, type MapNode, type Node, type ScalarNode} from '../source/source.js';
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
		if (key.text === 'vars') checkVars(reading, value, ansiblePlace[place]);
		const wrong = misfit(keyword.shape, value);
		if (wrong)
			complain(reading, 'playbook/keyword-value', value.span, `\`${key.text}\` must be ${wrong}, not ${describeNode(value)}`);
		else if (keyword.choices && value.kind === 'scalar') checkChoice(reading, key.text, value, keyword.choices);
		else if (keyword.known && value.kind === 'scalar') checkPlugin(reading, key.text, value, keyword.known);
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
	return name === 'async' ? value.value === 0 : name === 'debugger' ? value.text === 'never' : name === 'poll';
}

/** What the value should have been, when it is not. Templates are any scalar; tasks are judged where they are read. */
function misfit(shape: Shape, node: Node): string | undefined {
	const isTemplate = node.kind === 'scalar' && node.text.includes('{{');
	if (isTemplate) return undefined;
	switch (shape) {
		case 'list':
			return node.kind === 'seq' || (node.kind === 'scalar' && node.value === null) ? undefined : 'a list';
		case 'map':
			return node.kind === 'map' ? undefined : 'a mapping';
		case 'text':
			return node.kind === 'scalar' ? undefined : 'a text';
		case 'int':
			return node.kind === 'scalar' && /^\s*-?\d*\s*$/.test(node.text) ? undefined : 'a whole number';
		case 'bool':
			return node.kind === 'scalar' && /^(y|n|yes|no|on|off|true|false|0|1|0\.0|1\.0|t|f|)$/i.test(node.text)
				? undefined
				: 'true or false';
		case 'condition':
			return node.kind === 'map' ? 'a condition or a list of conditions' : undefined;
		case 'tasks':
		case 'any':
			return undefined;
	}
}
