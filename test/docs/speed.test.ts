import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {pageOf} from '../../bench/page.js';
import {plotSvg} from '../../bench/plot.js';
import {readResults} from '../../bench/results.js';
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
