import {type Environment, Printable} from './environment.js';
import {PythonError} from './fault.js';
import {Markup} from './internal.js';
import {checkLength, spend} from './limits.js';
import {holdsSecret} from './python/secret.js';
import {pythonStr} from './python/text.js';
import {literalValue} from './signature.js';
import {SyntaxFault} from './syntax-error.js';
import {Dict, Marker, Omit, Secret, Tuple, Unknown, type Value} from './value.js';

/** Joins the pieces of a template's output into its result, by the environment's rule. May give a marker. */
export function joinPieces(pieces: readonly Value[], environment: Environment, escaping: boolean): Value {
	if (environment.join === 'text') return joinText(pieces, environment, escaping);
	const {markers} = environment;
	let count = 0;
	let only: Value = null;
	let text = '';
	for (const piece of pieces) {
		if (typeof piece === 'string') text += piece;
		else if (typeof piece === 'number') text += pythonStr(piece);
		else if (piece !== null || !markers) return joinValues(pieces, environment);
		else continue;
		if (count++ === 0) only = piece;
	}
	if (count > 1) checkLength(text.length);
	const result = count > 1 ? text : only;
	return environment.join === 'literal' && typeof result === 'string' ? literalOr(result) : result;
}

function joinText(pieces: readonly Value[], environment: Environment, escaping: boolean): Value {
	let text = '';
	for (const piece of pieces) {
		text += piece instanceof Printable ? pythonStr(joinPieces(piece.pieces(), environment, escaping)) : pythonStr(piece);
		checkLength(text.length);
	}
	return escaping ? new Markup(text) : text;
}

/** Joins pieces of which some are neither texts nor numbers. */
function joinValues(pieces: readonly Value[], environment: Environment): Value {
	const flat = pieces.some((piece) => piece instanceof Printable) ? flatten(pieces) : pieces;
	const present = flat.includes(null) && environment.markers ? flat.filter((piece) => piece !== null) : flat;
	if (!present.length) return null;
	const [only] = present;
	if (present.length === 1) return environment.join === 'literal' && typeof only === 'string' ? literalOr(only) : only!;
	let unknown: Unknown | undefined;
	let secret = false;
	let text = '';
	for (const piece of present) {
		if (typeof piece === 'string') text += piece;
		else {
			const trouble = troubleIn(piece);
			if (trouble instanceof Marker) return trouble;
			unknown ??= trouble;
			if (unknown || piece instanceof Omit) continue;
			secret ||= holdsSecret(piece);
			text += pythonStr(environment.markers ? listed(piece) : piece);
		}
		checkLength(text.length);
	}
	if (environment.join === 'literal') return literalOr(text);
	return unknown ?? (secret ? new Secret(text) : text);
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
function troubleIn(value: Value): Marker | Unknown | undefined {
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
