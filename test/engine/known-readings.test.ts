import test from 'ava';
import {isTouched, KnownReadings, type Reading} from '../../src/engine/known-readings.js';

const read = {kind: {}, key: ''} as Reading['read'];

function answered(known: KnownReadings, key: string, places: Reading['places']): Reading {
	const reading: Reading = {read, state: Promise.resolve(), behind: undefined, places, isAnswered: true};
	known.set(key, reading);
	known.answered(key, reading);
	return reading;
}

const paths = ['/', '/a', '/a/b', '/a/b/c', '/a/bc', '/a/b/c/d', '/e', '/e/b'];

for (const changed of paths)
	test(`what a change in ${changed} touches is among what is near it`, (t) => {
		const known = new KnownReadings();
		const all = paths
			.flatMap((path) => [path, {folder: path, entries: true}, {folder: path, entries: false}])
			.map((place) => [place]);
		const readings = [...all, undefined].map((places, index) => answered(known, String(index), places));
		const near = new Set(known.near([changed]).map(([, reading]) => reading));
		for (const reading of readings) if (isTouched(reading, [changed])) t.true(near.has(reading), JSON.stringify(reading.places));
		t.is(known.near(undefined).length, readings.length);
	});

test('a change looks at what is near alone, however much is known', (t) => {
	const known = new KnownReadings();
	for (let n = 0; n < 5000; n++) answered(known, `${n}`, [`/srv/own/${n}`]);
	answered(known, 'folder', [{folder: '/srv/own', entries: true}]);
	t.deepEqual(
		known.near(['/srv/own/7']).map(([key]) => key),
		['folder', '7'],
	);
	known.delete('7');
	t.deepEqual(
		known.near(['/srv/own/7']).map(([key]) => key),
		['folder'],
	);
});

test('what has no answer yet is near every change', (t) => {
	const known = new KnownReadings();
	known.set('a', {read, state: Promise.resolve(), behind: undefined});
	t.is(known.near(['/a']).length, 1);
});
