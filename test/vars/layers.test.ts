import test from 'ava';
import {Dict, nodeToValue, pythonStr} from '../../src/jinja/jinja.js';
import {type Node, parseYaml, SourceFile} from '../../src/source/source.js';
import {makeScope} from '../../src/vars/scope.js';
import {dictLayer, flatten, type Layer, varsLayers} from '../../src/vars/vars.js';

const read = (node: Node) => nodeToValue(node, {trusted: true});
const layer = (label: string, values: Record<string, string>) => dictLayer(label, Dict.from(Object.entries(values)));
const scopeOf = (magic: readonly Layer[], below: readonly Layer[]) =>
	makeScope({host: 'h', magic: () => magic, below: () => below, lookup: () => undefined, load: () => undefined, warn: () => {}});

test('the first layer that has a name gives its value', (t) => {
	const scope = scopeOf(
		[layer('magic', {a: 'magic'})],
		[layer('strong', {a: 'no', b: 'strong'}), layer('weak', {b: 'no', c: 'weak'})],
	);
	t.deepEqual(
		['a', 'b', 'c', 'd'].map((name) => scope.value(name)),
		['magic', 'strong', 'weak', undefined],
	);
	t.is(pythonStr(flatten(scope.layers)), "{'a': 'magic', 'b': 'strong', 'c': 'weak'}");
});

test('layers laid over a scope stand below magic variables and above all else, the first of them on top', (t) => {
	const scope = scopeOf([layer('magic', {a: 'magic'})], [layer('below', {a: 'below', b: 'below', c: 'below'})]);
	const over = scope.over(layer('item', {a: 'item', b: 'item'}), layer('given', {b: 'given', c: 'given'}));
	t.deepEqual(
		['a', 'b', 'c'].map((name) => over.value(name)),
		['magic', 'item', 'given'],
	);
	t.is(over.local('c'), 'given');
	t.is(scope.local('c'), undefined);
	t.is(scope.value('b'), 'below');
});

test('templates behind names are evaluated in the scope that asks', (t) => {
	const node = parseYaml(new SourceFile('vars.yml', '{greeting: "hello {{ name }}", name: "{{ given }}"}'), () => {})!;
	const scope = scopeOf([], [...varsLayers('vars', node, read), layer('given', {given: 'world'})]);
	t.is(scope.value('greeting'), 'hello world');
	t.is(scope.over(layer('item', {given: 'you'})).value('greeting'), 'hello you');
});
