import test from 'ava';
import {compareDebian, compareRpm, fitsPattern} from '../../../src/modules/kinds/package-version.js';

const debian: [one: string, sign: -1 | 0 | 1, other: string][] = [
	['1.0', 0, '1.0'],
	['1.0', -1, '1.1'],
	['1.10', 1, '1.9'],
	['1.0~rc1', -1, '1.0'],
	['1.0~rc1', -1, '1.0~rc2'],
	['1.0', -1, '1.0-1'],
	['1.0-1', -1, '1.0-1+b1'],
	['1:0.1', 1, '9.9'],
	['1.0a', 1, '1.0'],
	['1.0+dfsg', 1, '1.0a'],
	['007', 0, '7'],
	['5.2.15-2+b8', -1, '5.2.15-2+b13'],
];
for (const [one, sign, other] of debian) {
	test(`Debian's ${one} against ${other}`, (t) => {
		t.is(Math.sign(compareDebian(one, other)), sign);
		t.is(Math.sign(compareDebian(other, one)) + sign, 0);
	});
}

const rpm: [one: string, sign: -1 | 0 | 1, other: string][] = [
	['1.0-1', 0, '1.0-1'],
	['1.0', 0, '1.0-5'],
	['1.0-1', -1, '1.0-2'],
	['1.10-1', 1, '1.9-1'],
	['1.0~rc1-1', -1, '1.0-1'],
	['1.0^git1-1', 1, '1.0-1'],
	['2:1-1', 1, '9-1'],
	['1.a', -1, '1.1'],
	['1.0.1', 1, '1.0'],
];
for (const [one, sign, other] of rpm) {
	test(`rpm's ${one} against ${other}`, (t) => {
		t.is(Math.sign(compareRpm(one, other)), sign);
		t.is(Math.sign(compareRpm(other, one)) + sign, 0);
	});
}

const patterns: [text: string, pattern: string, fits: boolean][] = [
	['1.2.3-1', '1.2*', true],
	['1.2.3-1', '1.3*', false],
	['a.c', 'a?c', true],
	['abc', 'a.c', false],
	['b1', '[ab]1', true],
	['c1', '[!ab]1', true],
	['a1', '[!ab]1', false],
	['[', '[', true],
	['x\ny', 'x*', true],
];
for (const [text, pattern, fits] of patterns) {
	test(`${JSON.stringify(text)} ${fits ? 'fits' : 'does not fit'} ${pattern}`, (t) => {
		t.is(fitsPattern(text, pattern), fits);
	});
}
