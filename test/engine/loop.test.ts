import test from 'ava';
import {itemVariables, type LoopControl} from '../../src/engine/loop.js';
import {type Dict, pythonStr} from '../../src/jinja/jinja.js';

const plain: LoopControl = {
	variable: 'item',
	index: undefined,
	label: undefined,
	pause: 0,
	extended: false,
	allItems: true,
	breakWhen: undefined,
};

const rows: [title: string, control: Partial<LoopControl>, index: number, variables: string][] = [
	['the item', {}, 1, "{'item': 'b', 'ansible_loop_var': 'item'}"],
	['another name', {variable: 'thing'}, 0, "{'thing': 'a', 'ansible_loop_var': 'thing'}"],
	['the index', {index: 'at'}, 2, "{'item': 'c', 'ansible_loop_var': 'item', 'at': 2, 'ansible_index_var': 'at'}"],
];
for (const [title, control, index, variables] of rows) {
	test(`an item brings ${title}`, (t) => {
		t.is(pythonStr(itemVariables({...plain, ...control}, ['a', 'b', 'c'], index)), variables);
	});
}

const extended: [index: number, has: Record<string, unknown>, lacks: string][] = [
	[0, {index: 1, index0: 0, first: true, last: false, length: 3, revindex: 3, revindex0: 2, nextitem: 'b'}, 'previtem'],
	[2, {index: 3, index0: 2, first: false, last: true, length: 3, revindex: 1, revindex0: 0, previtem: 'b'}, 'nextitem'],
];
for (const [index, has, lacks] of extended) {
	test(`ansible_loop at ${index}`, (t) => {
		const loop = itemVariables({...plain, extended: true}, ['a', 'b', 'c'], index).get('ansible_loop') as Dict;
		for (const [name, value] of Object.entries(has)) t.is(loop.get(name), value as never, name);
		t.false(loop.has(lacks));
		t.deepEqual(loop.get('allitems'), ['a', 'b', 'c']);
	});
}

test('ansible_loop without all items', (t) => {
	const loop = itemVariables({...plain, extended: true, allItems: false}, ['a'], 0).get('ansible_loop') as Dict;
	t.false(loop.has('allitems'));
});
