import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {pageOf} from '../../bench/page.js';
import {plotSvg} from '../../bench/plot.js';
import {promisesIn} from '../../bench/promises.js';
import {type Row, readResults} from '../../bench/results.js';
import {root} from '../project.js';

test('docs/speed.md and its plots are what bench/results.json says', (t) => {
	const {page, plots} = pageOf(readResults(join(root, 'bench/results.json')));
	t.is(readFileSync(join(root, 'docs/speed.md'), 'utf8'), page, 'run `npm run docs`');
	for (const [name, svg] of plots) t.is(readFileSync(join(root, 'docs/speed', name), 'utf8'), svg, name);
});

test('a plot begins at zero: what grows in proportion is a straight line through the corner', (t) => {
	const svg = plotSvg({
		title: 'Time',
		x: 'hosts',
		y: 's',
		lines: [
			{
				name: 'run',
				points: [
					[0, 0],
					[50, 5],
					[100, 10],
				],
			},
		],
	});
	const [first, middle, last] = /points="([^"]*)"/
		.exec(svg)![1]!
		.split(' ')
		.map((point) => point.split(',').map(Number)) as [number, number][];
	t.deepEqual(first, [56, 236]);
	t.deepEqual(middle, [(first![0] + last![0]) / 2, (first![1] + last![1]) / 2]);
});

test('a promise is kept or missed: a limit of its own, a multiple of each rival that has figures', (t) => {
	const work = {scenario: 'mixed', state: 'changed', hosts: 20, tasks: 30, roundTrip: 0, runs: 1, cpu: 1, memory: 1} as const;
	const rows: Row[] = [
		{...work, tool: 'playbill', wall: 4.1},
		{...work, tool: 'ansible', wall: 4.1 * 30},
		{...work, tool: 'mitogen', wall: 4.1 * 9.9},
		{...work, tool: 'rs', wall: 1, failed: 'fails'},
	];
	t.deepEqual(
		promisesIn(rows).flatMap(({figure, all}) =>
			all.map(({tool, reached, promised, isKept}) => [figure, tool, reached, promised, isKept]),
		),
		[
			['wall', 'playbill', '4.10 s', '≤ 4.00 s', false],
			['wall', 'ansible', '30×', '≥ 30×', true],
			['wall', 'mitogen', '9.9×', '≥ 10×', false],
		],
	);
	t.deepEqual(promisesIn(rows.map((row) => ({...row, scenario: 'loop'}))), []);
});
