/*
 * Prints random vectors, without results: `tsx scripts/fuzz/vectors.ts [COUNT [SEED [core | community | templates | yaml | regex | format | dates | texts | json]]] > FILE`. Then `python scripts/fuzz/reference.py FILE`, with
 * a Python that has ansible-core, adds what the reference gives, and `npm run vectors -- FILE` compares. CONTRIBUTING.md shows the three together.
 */
import {readFileSync} from 'node:fs';
import {Chance} from './chance.js';
import {ExpressionMaker} from './expressions.js';
import {specials} from './special.js';
import {communityFilters} from './tables.js';
import {optionsOf, TemplateMaker} from './templates.js';

const [count = '6000', seed = '1', kind = 'core'] = process.argv.slice(2);
const chance = new Chance(Number(seed));
const maker = new ExpressionMaker(chance, kind === 'community' ? communityFilters : undefined);
console.log(readFileSync(new URL('context.json', import.meta.url), 'utf8').replaceAll('\n', ''));
const templates = new TemplateMaker(chance);
for (let id = 1; id <= Number(count); id++) {
	const depth = 1 + chance.below(3);
	const special = specials[kind];
	if (special) {
		const {source, vars} = special(chance);
		console.log(JSON.stringify({id, cat: kind, kind: 'template', mode: 'value', source, vars, untrusted: Object.keys(vars)}));
		continue;
	}
	if (kind === 'templates') {
		const mode = chance.percent(75) ? 'file' : 'value';
		const options = mode === 'file' ? optionsOf(chance) : undefined;
		console.log(JSON.stringify({id, cat: 'random', kind: 'template', mode, source: templates.make(depth + 1), options}));
		continue;
	}
	const vector =
		kind === 'core' && chance.percent(12)
			? {mode: 'condition', source: maker.condition(depth + 1)}
			: {mode: 'value', source: `{{ ${asPlaybookText(maker.make(depth))} }}`};
	console.log(
		JSON.stringify({id, cat: 'random', kind: 'template', ...vector, vars: {untrusted: '{{ one }}'}, untrusted: ['untrusted']}),
	);
}

/** Strings in `{{ }}` of playbooks keep their backslashes: mostly they are written with one. */
function asPlaybookText(expression: string): string {
	return chance.percent(85) ? expression.replaceAll('\\\\', '\\') : expression;
}
