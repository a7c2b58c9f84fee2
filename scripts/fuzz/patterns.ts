import type {Chance} from './chance.js';

const atoms = [
	'a',
	'b',
	'l',
	'.',
	'\\w',
	'\\d',
	'\\s',
	'\\W',
	'\\S',
	'[a-m]',
	'[^a-e]',
	'[\\w.]',
	'o',
	' ',
	'é',
	'\\.',
	'\\b',
	'\\B',
	'^',
	'$',
	'A',
	'1',
	'-',
	'[^\\d]',
	'[]a]',
	'\\D',
	'\\t',
	'ß',
	'\\x61',
	'\\u00e9',
	'[[:alpha:]]',
];
const repeats = ['', '', '', '*', '+', '?', '*?', '+?', '??', '{2}', '{1,2}', '{0,1}?', '{,2}', '*+', '{1,}'];

/** A random pattern of Python's syntax, of parts that mean something in the texts of the context. */
export function patternOf(chance: Chance, depth = 2): string {
	const flags = chance.percent(8) ? chance.pick(['(?i)', '(?m)', '(?s)', '(?x)', '(?a)', '(?im)']) : '';
	return flags + branches(chance, depth);
}

function branches(chance: Chance, depth: number): string {
	return chance.some(1, chance.percent(25) ? 3 : 1, () => chance.some(1, 4, () => piece(chance, depth)).join('')).join('|');
}

function piece(chance: Chance, depth: number): string {
	if (depth > 0 && chance.percent(25)) {
		const open = chance.pick(['(', '(', '(', '(?:', '(?=', '(?!', '(?<=', '(?<!', '(?P<x>', '(?>', '(?i:', '(?-i:', '(?s-i:']);
		return `${open}${branches(chance, depth - 1)})${chance.pick(repeats)}`;
	}
	if (chance.percent(3))
		return chance.pick([
			'\\1',
			'(?P=x)',
			'\\2',
			'(?(1)a|b)',
			'(?#c)',
			'\\Z',
			'\\A',
			'\\z',
			'[z-a]',
			'(',
			')',
			'*',
			'\\Q',
			'{',
			'a{2,1}',
			'\\8',
		]);
	return chance.pick(atoms) + chance.pick(repeats);
}
