import {readdirSync, readFileSync} from 'node:fs';
import {dirname, join, relative} from 'node:path';
import test from 'ava';
import {root} from '../project.js';

const src = join(root, 'src');

interface Import {
	readonly from: string;
	readonly to: string;
	/** It brings types alone and is gone when the program runs. */
	readonly isType: boolean;
}

const imports: Import[] = readdirSync(src, {recursive: true, encoding: 'utf8'})
	.filter((name) => name.endsWith('.ts'))
	.flatMap((name) => {
		const text = readFileSync(join(src, name), 'utf8');
		const found = [...text.matchAll(/(import|export) (type )?[^;']*?from '(\.{1,2}\/[^']+)'|import\('(\.{1,2}\/[^']+)'\)/g)];
		return found.map((match) => ({
			from: name,
			to: relative(src, join(src, dirname(name), (match[3] ?? match[4])!)).replace(/\.js$/, '.ts'),
			isType: match[2] !== undefined,
		}));
	});

const room = (path: string) => path.split('/')[0]!;

/** room → [floor, rooms it may import], from the table of the document. */
const table = new Map(
	[...readFileSync(join(root, 'docs/architecture.md'), 'utf8').matchAll(/^\| (\d) \| `(\w+)` \|[^|]*\|([^|]*)\|$/gm)].map(
		(row) => [row[2]!, {floor: Number(row[1]), may: new Set([...row[3]!.matchAll(/`(\w+)`/g)].map((match) => match[1]!))}],
	),
);

test('the table names every room and no other', (t) => {
	const rooms = readdirSync(src, {withFileTypes: true})
		.filter((entry) => entry.isDirectory())
		.map((entry) => entry.name);
	t.deepEqual([...table.keys()].sort(), rooms.sort());
});

test('the table itself goes downwards', (t) => {
	for (const [name, {floor, may}] of table)
		for (const other of may) t.true(table.get(other)!.floor < floor, `${name} → ${other}`);
});

test('imports keep to the table', (t) => {
	const wrong = imports.filter(({from, to}) => room(from) !== room(to) && !table.get(room(from))?.may.has(room(to)));
	t.deepEqual(wrong, []);
});

test('a room is entered by its front file', (t) => {
	const wrong = imports.filter(({from, to}) => room(from) !== room(to) && to !== `${room(to)}/${room(to)}.ts`);
	t.deepEqual(wrong, []);
});

test('no imports in a circle', (t) => {
	const next = groupByFrom();
	const done = new Set<string>();
	const visit = (file: string, path: readonly string[]): void => {
		if (path.includes(file)) {
			t.fail([...path.slice(path.indexOf(file)), file].join(' → '));
			return;
		}
		if (done.has(file)) return;
		for (const {to} of next.get(file) ?? []) visit(to, [...path, file]);
		done.add(file);
	};
	for (const {from} of imports) visit(from, []);
	t.true(done.size > 0);
});

function groupByFrom(): Map<string, Import[]> {
	const groups = new Map<string, Import[]>();
	for (const one of imports.filter(({isType}) => !isType)) groups.set(one.from, [...(groups.get(one.from) ?? []), one]);
	return groups;
}

test('only cli touches argv, the environment, signals and exit', (t) => {
	const outside = readdirSync(src, {recursive: true, encoding: 'utf8'}).filter(
		(name) => name.endsWith('.ts') && room(name) !== 'cli',
	);
	// What stands in a template text is a program of its own.
	const wrong = outside.filter((name) =>
		/\bprocess\.(argv|env|exit|exitCode|on|once|stdout|stderr|stdin)\b/.test(
			readFileSync(join(src, name), 'utf8').replace(/`[^`]*`/g, ''),
		),
	);
	t.deepEqual(wrong, []);
});

test('no barrels, no names that say nothing', (t) => {
	const names = readdirSync(src, {recursive: true, encoding: 'utf8'}).filter((name) => name.endsWith('.ts'));
	t.deepEqual(
		names.filter((name) => /(^|\/)(utils?|helpers?|common|misc|manager|index)\.ts$/.test(name)),
		[],
	);
	t.deepEqual(
		names.filter((name) => /export \* from/.test(readFileSync(join(src, name), 'utf8'))),
		[],
	);
});
