import test from 'ava';
import {evaluateExpression, finalize, pythonRepr, type Scope, Unknown, type Value} from '../../src/jinja/jinja.js';
import {plugins} from '../../src/jinja/registry.js';

const later = new Unknown('`Read version` is a command not run in check mode');
const variables: Readonly<Record<string, Value>> = {later, text: 'abc', list: [1, 2]};
const scope: Scope = {resolve: (name) => (Object.hasOwn(variables, name) ? variables[name] : undefined)};

function evaluate(expression: string): Value {
	return finalize(evaluateExpression(expression, scope, {rawStrings: true}), scope);
}

/** Operators with a side that is not known, and the Python text of the result (undefined: not known either). */
const operators: readonly (readonly [expression: string, repr?: string])[] = [
	...['+', '-', '*', '/', '//', '%', '**', '~', '==', '!=', '<', '<=', '>', '>='].flatMap((operator) => [
		[`later ${operator} 2`] as const,
		[`2 ${operator} later`] as const,
		[`later ${operator} later`] as const,
	]),
	['-later'],
	['+later'],
	['not later'],
	["'a' in later"],
	["later in 'abc'"],
	['later in list'],
	["'%s' % later"],
	['1 < later < 3'],
	['3 < 2 < later', 'False'],
	['later.stdout'],
	["later['stdout']"],
	['later[0]'],
	['list[later]'],
	['later[1:]'],
	['text[later:]'],
	['later()'],
	['later.split()'],
	['text.replace(later, text)'],
	['later and false', 'False'],
	['false and later', 'False'],
	['later and true'],
	['true and later'],
	['later and later'],
	['later or true', 'True'],
	['true or later', 'True'],
	['later or false'],
	['false or later'],
	["'x' if later else 'y'"],
	["'x' if later else 'x'", "'x'"],
	["'x' if true else later", "'x'"],
	["later if true else 'x'"],
	['{later: 1}'],
	['[later] | length', '1'],
	["{'a': later} | length", '1'],
	["{'a': later}.keys() | list", "['a']"],
];

for (const [expression, repr] of operators) {
	test(`operator: ${expression}`, (t) => {
		const value = evaluate(expression);
		if (repr === undefined) t.is(value, later);
		else t.is(pythonRepr(value), repr);
	});
}

/** Filters and tests that say something about a value that is not known, and what. */
const telling: Readonly<Record<string, string>> = {
	'filter type_debug': "'unknown'",
	'test defined': 'True',
	'test undefined': 'False',
};

/** Containers with something in them that is not known: what does not depend on it is. */
const containers: readonly (readonly [expression: string, repr?: string])[] = [
	["[later, 'a'] | join(',')"],
	['[later, 1] | sort'],
	['[later, 1] | unique'],
	['[later, 1] | sum'],
	['[later, 1] | max'],
	['[later, 1] | first'],
	['[later, 1] | last', '1'],
	['[later, 1] | reverse | first', '1'],
	['[later, 1] | list | length', '2'],
	['[[later], 1] | flatten | length', '2'],
	["[later] | map('upper') | length", '1'],
	["[later, 1] | map('string') | last", "'1'"],
	["[later, 1] | select('number') | length"],
	["[later, 1] | reject('number') | length"],
	["[{'a': later}] | selectattr('a') | length"],
	["[{'a': later}] | map(attribute='a') | length", '1'],
	["[{'a': later}] | groupby('a')"],
	["{'a': later} | dict2items | length", '1'],
	["{'a': later} | combine({'b': 1}) | length", '2'],
	["{'b': 1, 'a': later} | dictsort(by='value')"],
	['[1] | union([later])'],
	['[1] | difference([later])'],
	['[1] | intersect([later])'],
	['[1, 2] | zip([later]) | length', '1'],
	['[3, later] | product([1]) | length', '2'],
	['[1, later] | batch(1) | length', '2'],
	['[later, 1] | string'],
	['[later, 1] | to_json'],
	['[later, 1] | to_nice_json'],
	['[later, 1] | to_yaml'],
	['[later, 1] | hash'],
	["'%s' | format(later)"],
	["'a' | replace('a', later)"],
	["'a' | regex_replace('a', later)"],
	["'a' | default(later)", "'a'"],
	['nope | default(later)'],
	['true | ternary(1, later)', '1'],
	['true | ternary(later, 2)'],
	["['a', later] | path_join"],
	['[later] | random'],
	['[later] is contains(1)'],
	['[later] is any'],
	['[true, later] is any', 'True'],
	['[later, false] is all'],
	["{'failed': later} is failed"],
	['[later] == [1]'],
	["{'a': later} == {'a': 1}"],
	['1 in [later]'],
	['1 in [1, later]', 'True'],
	['namespace(a=later).a'],
	['dict(a=later).a'],
	['range(later)'],
];

for (const [expression, repr] of containers) {
	test(`inside: ${expression}`, (t) => {
		const value = evaluate(expression);
		if (repr === undefined) t.is(value, later);
		else t.is(pythonRepr(value), repr);
	});
}

for (const {
	kind,
	name,
	plugin: {example},
} of plugins()) {
	test(`${kind} ${name} of what is not known`, (t) => {
		const call = example && callOf(kind, name, example[0]);
		const value = evaluate(`later ${kind === 'filter' ? '|' : 'is'} ${call ?? name}`);
		const told = telling[`${kind} ${name}`];
		if (told === undefined) t.is(value, later);
		else t.is(pythonRepr(value), told);
	});
}

/** The call of a filter or test in its example, with its arguments. */
function callOf(kind: string, name: string, expression: string): string | undefined {
	const at = expression.lastIndexOf(`${kind === 'filter' ? '|' : 'is'} ${name}`);
	if (at === -1) return undefined;
	const rest = expression.slice(at).replace(/^(?:\||is) /, '');
	if (rest[name.length] !== '(') return name;
	let depth = 0;
	let quote = '';
	for (let index = name.length; index < rest.length; index++) {
		const character = rest[index]!;
		if (quote) quote = character === quote ? '' : quote;
		else if (character === "'" || character === '"') quote = character;
		else if ('([{'.includes(character)) depth++;
		else if (')]}'.includes(character) && --depth === 0) return rest.slice(0, index + 1);
	}
	return undefined;
}
