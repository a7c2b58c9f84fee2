import type {Arguments, Expression} from './ast.js';
import type {Compile, Evaluate} from './compiled.js';
import {MarkerUsed, PythonError} from './fault.js';
import {iterateRaw} from './python/iterate.js';
import {typeName} from './python/type-name.js';
import type {Frame} from './run.js';
import {Dict, Marker, type Value} from './value.js';

/** Arguments as values; `special` may compile some of them (also inside lists and dicts) in its own way. */
export function compileArguments(
	{positional, named, rest, namedRest}: Arguments,
	compile: Compile,
	special?: (node: Expression) => Evaluate | undefined,
): (frame: Frame) => {positional: Value[]; named: Map<string, Value> | undefined} {
	const compileOne = (node: Expression): Evaluate => {
		const own = special?.(node);
		if (own) return own;
		if (special && node.kind === 'list') {
			const items = node.items.map(compileOne);
			return (frame) => items.map((item) => item(frame));
		}
		return compile(node);
	};
	const values = positional.map(compileOne);
	const keywords = named.map(({name, value}) => [name, compile(value)] as const);
	const more = rest && compile(rest);
	const moreNamed = namedRest && compile(namedRest);
	if (!keywords.length && !more && !moreNamed)
		return (frame) => ({positional: values.map((value) => value(frame)), named: undefined});
	return (frame) => {
		const given = values.map((value) => value(frame));
		if (more) given.push(...iterateRaw(more(frame)));
		const all = new Map<string, Value>();
		for (const [name, value] of keywords) all.set(name, value(frame));
		if (moreNamed) {
			const mapping = moreNamed(frame);
			if (mapping instanceof Marker) throw new MarkerUsed(mapping);
			if (!(mapping instanceof Dict))
				throw new PythonError('TypeError', `argument after ** must be a mapping, not ${typeName(mapping)}`);
			for (const [key, value] of mapping.entries()) {
				if (typeof key !== 'string') throw new PythonError('TypeError', 'keywords must be strings');
				if (all.has(key)) throw new PythonError('TypeError', `got multiple values for keyword argument '${key}'`);
				all.set(key, value);
			}
		}
		return {positional: given, named: all};
	};
}
