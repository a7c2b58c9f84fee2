import {type Environment, Printable} from './environment.js';
import {PythonError} from './fault.js';
import {Markup} from './internal.js';
import {checkLength, spend} from './limits.js';
import {secretPieces} from './python/secret.js';
import {pythonStr} from './python/text.js';
import {literalValue} from './signature.js';
import {SyntaxFault} from './syntax-error.js';
import {Dict, Marker, Omit, Secret, Tuple, Unknown, type Value} from './value.js';

/** Joins the pieces of a template's output into its result, by the environment's rule. May give a marker. */
export function joinPieces(pieces: readonly Value[], environment: Environment, escaping: boolean): Value {
	if (environment.join === 'text') return joinText(pieces, environment, escaping);
	const {markers} = environment;
	let count = 0;
	let first: Value = null;
	let unknown: Unknown | undefined;
	const secrets: string[] = [];
	// Adding each piece to one text would make a string object for each: short runs are joined first.
	let text = '';
	let run: string[] = [];
	let length = 0;
	for (const piece of pieces) {
		if (piece === null && markers) continue;
		if (piece instanceof Printable && environment.join !== 'native') return joinPieces(flatten(pieces), environment, escaping);
		// The only piece is the result as it is: the first is looked at when there is a second.
		if (count++ === 0) {
			first = piece;
			continue;
		}
		if (count === 2) {
			const trouble = append(first);
			if (trouble) return trouble;
		}
		const trouble = append(piece);
		if (trouble) return trouble;
	}
	const result = count > 1 ? text + run.join('') : first;
	if (environment.join === 'literal') return typeof result === 'string' ? literalOr(result) : result;
	return count > 1 && (unknown || secrets.length > 0) ? (unknown ?? new Secret(result as string, secrets)) : result;

	function append(piece: Value): Marker | undefined {
		if (piece instanceof Printable) return append(joinPieces(piece.pieces(), environment, escaping));
		let shown = '';
		if (typeof piece === 'string') shown = piece;
		else if (typeof piece === 'number') shown = pythonStr(piece);
		else {
			const trouble = troubleIn(piece);
			if (trouble instanceof Marker) return trouble;
			unknown ??= trouble;
			if (unknown || piece instanceof Omit) return undefined;
			shown = pythonStr(markers ? listed(piece) : piece);
			secrets.push(...secretPieces(piece, shown));
		}
		length += shown.length;
		checkLength(length);
		run.push(shown);
		if (run.length === 512) {
			text += run.join('');
			run = [];
		}
		return undefined;
	}
}

function joinText(pieces: readonly Value[], environment: Environment, escaping: boolean): Value {
	let text = '';
	for (const piece of pieces) {
		text += piece instanceof Printable ? pythonStr(joinPieces(piece.pieces(), environment, escaping)) : pythonStr(piece);
		checkLength(text.length);
	}
	return escaping ? new Markup(text) : text;
}

/** What a text means as a Python literal, else the text (Jinja's own native environment). */
function literalOr(text: string): Value {
	// Leading white space is an indentation error to Python.
	if (/^[ \t]/.test(text)) return text;
	try {
		return literalValue(text);
	} catch (fault) {
		if (fault instanceof PythonError || fault instanceof SyntaxFault) return text;
		throw fault;
	}
}

function flatten(pieces: readonly Value[]): Value[] {
	return pieces.flatMap((piece) => (piece instanceof Printable ? flatten(piece.pieces()) : [piece]));
}

/** The first marker inside a value, else something unknown in it. */
export function troubleIn(value: Value): Marker | Unknown | undefined {
	if (typeof value !== 'object' || value === null) return undefined;
	if (value instanceof Marker || value instanceof Unknown) return value;
	const items = Array.isArray(value) ? value : value instanceof Tuple ? value.items : value instanceof Dict ? value.values() : [];
	if (Array.isArray(items)) spend(items.length);
	let unknown: Unknown | undefined;
	for (const item of items) {
		const trouble = troubleIn(item);
		if (trouble instanceof Marker) return trouble;
		unknown ??= trouble;
	}
	return unknown;
}

/** A value as it is printed beside others: tuples as lists, without what is omitted. */
function listed(value: Value): Value {
	if (typeof value !== 'object' || value === null) return value;
	if (Array.isArray(value) || value instanceof Tuple) {
		const items = value instanceof Tuple ? value.items : value;
		spend(items.length);
		return items.filter((item) => !(item instanceof Omit)).map(listed);
	}
	if (value instanceof Dict) {
		const copy = new Dict();
		for (const [key, item] of value.entries()) if (!(item instanceof Omit)) copy.set(listedKey(key), listed(item));
		return copy;
	}
	return value;
}

function listedKey(key: Value): Value {
	if (key instanceof Tuple) throw new PythonError('TypeError', "unhashable type: 'list'");
	return key;
}
