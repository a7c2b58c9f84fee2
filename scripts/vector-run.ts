/* How one vector is run and compared; scripts/vectors.ts counts. */

import {
	ansibleEnvironment,
	Dict,
	type Environment,
	evaluateCondition,
	evaluatePlain,
	evaluateTemplate,
	Float,
	fromJson,
	Internal,
	looksLikeTemplate,
	Omit,
	PythonError,
	plainSyntax,
	pythonRepr,
	pythonStr,
	renderFile,
	renderPlain,
	reveal,
	type Scope,
	Secret,
	Template,
	TemplateError,
	Tuple,
	typeName,
	type Value,
} from '../src/jinja/jinja.js';
import {SourceFile} from '../src/source/source.js';
import {lookupsOf} from './vector-lookups.js';

export type Vector = Dict;
export type VectorContext = Dict;

export interface Outcome {
	readonly passed: boolean;
	readonly expectsError: boolean;
	readonly expected: string;
	readonly got: string;
}

export function parseLine(line: string): Vector {
	return fromJson(line) as Dict;
}

/** A value that the file only shows: its Python text and type. */
class Shown extends Internal {
	readonly pythonType: string;
	readonly repr: string;
	constructor(pythonType: string, repr: string) {
		super();
		this.pythonType = pythonType;
		this.repr = repr;
	}
}

/** How texts are read: `trusted` ones with `{{ }}` are templates; all may be `secret`. */
interface Texts {
	readonly trusted?: boolean;
	readonly secret?: boolean;
}

function readText(text: string, {trusted = false, secret = false}: Texts): Value {
	if (trusted && looksLikeTemplate(text)) return new Template(text, undefined, undefined, secret);
	return secret ? new Secret(text) : text;
}

/** A value as the file tags it. */
function untag(value: Value, texts: Texts = {}): Value {
	if (typeof value === 'string') return readText(value, texts);
	if (Array.isArray(value)) return value.map((item: Value) => untag(item, texts));
	if (!(value instanceof Dict)) return value;
	if (value.has('__repr__')) return new Shown(pythonStr(value.get('__type__')!), pythonStr(value.get('__repr__')!));
	const pairs = value.get('__pairs__');
	if (pairs !== undefined)
		return Dict.from((pairs as Value[][]).map(([key, item]) => [untag(key!), untag(item!, texts)] as const));
	const float = value.get('__float__');
	if (typeof float === 'string')
		return float === 'nan' ? Number.NaN : float === 'inf' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
	const tuple = value.get('__tuple__');
	if (tuple !== undefined) return new Tuple((tuple as Value[]).map((item) => untag(item, texts)));
	const bytes = value.get('__bytes__');
	if (typeof bytes === 'string') return Uint8Array.from(bytes, (character) => character.charCodeAt(0));
	return Dict.from(Array.from(value.entries(), ([key, item]) => [key, untag(item, texts)] as const));
}

/** Whether two values are the same to the last bit: 1 is not 1.0, dicts have an order. */
function same(a: Value, b: Value, unordered: boolean): boolean {
	if (b instanceof Shown) return pythonRepr(a) === b.repr && typeName(a) === b.pythonType;
	if (typeof a === 'number' && typeof b === 'number') return Object.is(a, b);
	if (a instanceof Float && b instanceof Float) return Object.is(a.value, b.value);
	if (Array.isArray(a) && Array.isArray(b)) {
		if (a.length !== b.length) return false;
		if (unordered) {
			const rest = [...(b as Value[])];
			return (a as Value[]).every((item) => {
				const at = rest.findIndex((one) => same(item, one, false));
				if (at === -1) return false;
				rest.splice(at, 1);
				return true;
			});
		}
		return a.every((item: Value, index) => same(item, b[index]!, false));
	}
	if (a instanceof Tuple && b instanceof Tuple) return same(a.items, b.items, unordered);
	if (a instanceof Dict && b instanceof Dict) {
		const [left, right] = [[...a.entries()], [...b.entries()]];
		return (
			left.length === right.length &&
			left.every(([key, item], index) => same(key, right[index]![0], false) && same(item, right[index]![1], unordered))
		);
	}
	if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.from(a).equals(Buffer.from(b));
	return a === b;
}

function show(value: Value): string {
	if (value instanceof Omit) return 'omit';
	if (value instanceof Shown) return `${value.pythonType} ${value.repr}`;
	try {
		return `${typeName(value)} ${pythonRepr(value)}`;
	} catch (fault) {
		return `${typeName(value)} (${(fault as Error).message})`;
	}
}

/** `secret`: every text of the variables is one; the result is compared as if it were not. */
export function runAnsibleVector(vector: Vector, context: VectorContext | undefined, secret = false): Outcome {
	const expect = vector.get('expect') as Dict;
	const error = expect.get('error') as Dict | undefined;
	const expected = error
		? `${error.get('cat')}: ${error.get('message')}`
		: expect.has('omit')
			? 'omit'
			: show(untag(expect.get('value')!));
	let value: Value;
	try {
		value = reveal(evaluateAnsible(vector, context, secret));
	} catch (fault) {
		if (!(fault instanceof TemplateError))
			return {passed: false, expectsError: error !== undefined, expected, got: `CRASH ${(fault as Error).stack}`};
		return {
			passed: error !== undefined && sameError(fault, error),
			expectsError: error !== undefined,
			expected,
			got: `${fault.category}: ${fault.message}`,
		};
	}
	const passed =
		!error &&
		(expect.has('omit') ? value instanceof Omit : same(value, untag(expect.get('value')!), vector.get('unordered') === true));
	return {passed, expectsError: error !== undefined, expected, got: show(value)};
}

function sameError(got: TemplateError, expected: Dict): boolean {
	const category = (name: string): string => (name === 'plugin' ? 'runtime' : name);
	if (category(got.category) !== category(String(expected.get('cat')))) return false;
	if (got.category !== 'undefined') return true;
	const name = /'([^']*)'/.exec(String(expected.get('message')))?.[1];
	return name === undefined || got.message.includes(name);
}

function evaluateAnsible(vector: Vector, context: VectorContext | undefined, secret: boolean): Value {
	const untrusted = new Set((vector.get('untrusted') as Value[] | undefined) ?? []);
	const variables = new Map<string, Value>();
	for (const source of [context?.get('vars'), vector.get('vars')]) {
		for (const [name, value] of (source as Dict | undefined)?.entries() ?? [])
			variables.set(name as string, untag(value, {trusted: !(source === vector.get('vars') && untrusted.has(name)), secret}));
	}
	const scope: Scope = {
		resolve: (name) => (name === 'vars' ? Dict.from(variables) : variables.get(name)),
		lookup: lookupsOf(() => scope, variables, context?.get('environ') as Dict | undefined),
	};
	const source = vector.get('source')!;
	switch (vector.get('mode')) {
		case 'condition':
			return evaluateCondition(
				typeof source === 'string' ? (looksLikeTemplate(source) ? new Template(source) : source) : source,
				scope,
			);
		case 'file': {
			const options: Record<string, unknown> = {};
			for (const [key, value] of (vector.get('options') as Dict | undefined)?.entries() ?? []) options[key as string] = value;
			return renderFile(source as string, scope, {options}) as Value;
		}
		default:
			return evaluateTemplate(source as string, scope);
	}
}

const policies: Record<string, Environment['undefined']> = {
	ChainableUndefined: 'chainable',
	StrictUndefined: 'strict',
	DebugUndefined: 'debug',
};

export function runJinjaVector(vector: Vector): Outcome {
	const error = vector.get('error') as Dict | undefined;
	const wanted = (vector.get('output') as Dict | undefined)?.get('value');
	const expected = error
		? `${error.get('class')}: ${error.get('message')}`
		: wanted === undefined
			? 'undefined'
			: show(untag(wanted));
	try {
		const value = evaluateJinja(vector);
		const output = vector.get('output') as Dict | undefined;
		const passed =
			!error && (output?.get('undefined') === true ? typeName(value) === 'Undefined' : same(value, untag(wanted!), false));
		return {passed, expectsError: error !== undefined, expected, got: show(value)};
	} catch (fault) {
		const known = fault instanceof TemplateError || fault instanceof PythonError || (fault as Error).name === 'SyntaxFault';
		return {
			passed: error !== undefined && known,
			expectsError: error !== undefined,
			expected,
			got: known ? `${(fault as Error).name}: ${(fault as Error).message}` : `CRASH ${(fault as Error).stack}`,
		};
	}
}

function evaluateJinja(vector: Vector): Value {
	const options = new Map(Array.from((vector.get('env') as Dict).entries(), ([key, value]) => [key as string, value]));
	const kind = options.get('class');
	const extensions = ((options.get('extensions') as string[] | undefined) ?? []).join();
	const syntax: Record<string, unknown> = {...plainSyntax};
	for (const [key, value] of options) if (key in plainSyntax) syntax[key] = value;
	const globals = new Map<string, Value>();
	for (const [name, value] of (vector.get('globals') as Dict | undefined)?.entries() ?? [])
		globals.set(name as string, untag(value));
	const environment: Environment = {
		...ansibleEnvironment,
		syntax: syntax as unknown as Environment['syntax'],
		markers: false,
		join: kind === 'NativeEnvironment' ? 'literal' : 'text',
		undefined: policies[String(options.get('undefined'))] ?? 'lenient',
		autoescape: options.get('autoescape') === true,
		immutable: kind === 'ImmutableSandboxedEnvironment',
		extensions: {do: extensions.includes('ExprStmt'), loopControls: extensions.includes('LoopControl')},
		globals,
	};
	const context = vector.get('ctx') as Dict;
	const templates = vector.get('templates') as Dict | undefined;
	const scope: Scope = {
		resolve(name) {
			const value = context.get(name);
			return value === undefined ? undefined : untag(value);
		},
		load(name) {
			const text = templates?.get(name);
			return typeof text === 'string' ? new SourceFile(name, text) : undefined;
		},
	};
	if (vector.get('kind') === 'expr') return evaluatePlain(vector.get('source') as string, scope, environment);
	return renderPlain(vector.get('source') as string, scope, environment);
}
