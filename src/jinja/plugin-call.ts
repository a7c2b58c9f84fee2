import {getAttribute, getItem} from './access.js';
import type {Position} from './ast.js';
import {endsEvaluation, MarkerUsed, PythonError, UnknownUsed} from './fault.js';
import type {Filter, PluginContext, Test} from './filters/filter.js';
import {troubleIn} from './join.js';
import {failureWork, spend, spendCall} from './limits.js';
import {isTruthy, textOf} from './python/compare.js';
import {hiddenText, hide, holdsSecret, secretTexts} from './python/secret.js';
import {findFilter, findTest, type Registered} from './registry.js';
import {type Frame, undefinedValue} from './run.js';
import type {VaultFunctions} from './scope.js';
import {bindArguments, fallbacksAfter} from './signature.js';
import {errorOf} from './unit.js';
import {Dict, Marker, Secret, Template, TemplateError, Tuple, Unknown, type Value} from './value.js';

/** What the lookup `env` gives for a variable that is not set. */
const notSet = '\0not set';

/** The context that a filter or test gets: the frame it is used in and its place in the source. */
class PluginCall implements PluginContext {
	readonly #frame: Frame;
	readonly #at: Position;
	constructor(frame: Frame, at: Position) {
		this.#frame = frame;
		this.#at = at;
	}
	get autoescape(): boolean {
		return this.#frame.autoescape;
	}
	get workingDirectory(): string {
		return this.#frame.context.store.operation.scope.workingDirectory ?? '/';
	}
	get vault(): VaultFunctions | undefined {
		return this.#frame.context.store.operation.scope.vault;
	}
	environment(name: string): string | undefined {
		const {scope} = this.#frame.context.store.operation;
		const [value] = scope.lookup?.('env', [name], new Map<string, Value>([['default', notSet]])) ?? [];
		return value === undefined || value === notSet ? undefined : textOf(value);
	}
	callFilter(name: string, value: Value, positional: readonly Value[] = [], named?: ReadonlyMap<string, Value>): Value {
		return this.filterCaller(name, positional, named)(value);
	}
	callTest(name: string, value: Value, positional: readonly Value[] = [], named?: ReadonlyMap<string, Value>): Value {
		return this.testCaller(name, positional, named)(value);
	}
	filterCaller(name: string, positional: readonly Value[], named?: ReadonlyMap<string, Value>): (value: Value) => Value {
		const filter = findFilter(name);
		if (!filter) throw this.#missing('filter', name);
		const rest = named?.size ? positional : [...positional, ...fallbacksAfter(filter.parameters, positional.length + 1)];
		return (value) => callFilter(this.#frame, this.#at, filter, [value, ...rest], named);
	}
	testCaller(name: string, positional: readonly Value[], named?: ReadonlyMap<string, Value>): (value: Value) => Value {
		const test = findTest(name);
		if (!test) throw this.#missing('test', name);
		const rest = named?.size ? positional : [...positional, ...fallbacksAfter(test.parameters, positional.length + 1)];
		return (value) => callTest(this.#frame, this.#at, test, [value, ...rest], named);
	}
	#missing(kind: string, name: string): TemplateError {
		const {unit} = this.#frame;
		return new TemplateError('no_plugin', `Error rendering ${unit.kind}: No ${kind} named '${name}' found.`, {
			span: unit.span(this.#at),
			subject: name,
		});
	}
	hasFilter(name: string): boolean {
		return findFilter(name) !== undefined;
	}
	hasTest(name: string): boolean {
		return findTest(name) !== undefined;
	}
	getItem(container: Value, key: Value): Value {
		return getItem(this.#frame, container, key, this.#at);
	}
	getAttribute(container: Value, name: string): Value {
		return getAttribute(this.#frame, container, name, this.#at);
	}
	undefined(message: string): Value {
		return undefinedValue(this.#frame, message, this.#at, '');
	}
	warn(message: string): void {
		this.#frame.context.store.operation.warn(message, this.#frame.unit.span(this.#at));
	}
	deprecate(message: string, version: string): void {
		this.#frame.context.store.operation.deprecate(message, version, this.#frame.unit.span(this.#at));
	}
}

/** Calls a filter by the rules of filter.ts: markers, unknown values and secrets among the arguments, faults as markers. */
export function callFilter(
	frame: Frame,
	at: Position,
	filter: Registered<Filter>,
	positional: readonly Value[],
	named?: ReadonlyMap<string, Value>,
): Value {
	return invoke(frame, at, 'filter', filter, positional, named) as Value;
}

/** Calls a test: a boolean, a marker, or unknown. */
export function callTest(
	frame: Frame,
	at: Position,
	test: Registered<Test>,
	positional: readonly Value[],
	named?: ReadonlyMap<string, Value>,
): Value {
	const result = invoke(frame, at, 'test', test, positional, named);
	return typeof result === 'boolean' || result instanceof Marker || result instanceof Unknown ? result : isTruthy(result);
}

function invoke(
	frame: Frame,
	at: Position,
	kind: 'filter' | 'test',
	registered: Registered<Filter | Test>,
	positional: readonly Value[],
	named: ReadonlyMap<string, Value> | undefined,
): Value {
	const {plugin} = registered;
	if (plugin.markers !== 'arguments') {
		const trouble = firstTrouble(positional, named);
		if (trouble) return trouble;
	}
	try {
		spendCall(sizeOf(positional[0]!));
		if (frame.context.store.operation.secrets && !plugin.structural) {
			const values = named ? [...positional, ...named.values()] : positional;
			if (values.some(holdsSecret)) {
				const shownNamed = named && new Map(Array.from(named, ([key, value]) => [key, reveal(value)] as const));
				return hide(call(frame, at, registered, positional.map(reveal), shownNamed));
			}
		}
		return call(frame, at, registered, positional, named);
	} catch (fault) {
		if (fault instanceof PythonError) {
			// What fails with a value that is not known may go well with the one that it will be.
			const trouble = troubleIn(named ? [...positional, ...named.values()] : positional);
			if (trouble instanceof Unknown && !endsEvaluation(fault)) return trouble;
			if (frame.context.store.operation.secrets) {
				const texts = secretTexts(named ? [...positional, ...named.values()] : positional);
				return faultOf(frame, at, kind, registered.fullName, withoutTexts(fault, texts), positional[0]);
			}
		}
		return faultOf(frame, at, kind, registered.fullName, fault, positional[0]);
	}
}

/** How much there is of a value that a filter gets. */
function sizeOf(value: Value): number {
	if (typeof value === 'string') return value.length << 4;
	if (Array.isArray(value)) return value.length << 4;
	return value instanceof Dict ? value.size : 0;
}

function call(
	frame: Frame,
	at: Position,
	{fullName, plugin, parameters}: Registered<Filter | Test>,
	positional: readonly Value[],
	named: ReadonlyMap<string, Value> | undefined,
): Value {
	const values = bindArguments(fullName, parameters, positional, named);
	const context = new PluginCall(frame, at);
	if (plugin.ofFiles) frame.context.store.operation.scope.lookAtFiles?.();
	// Most have few parameters: spreading an array costs more than these calls do.
	switch (values.length) {
		case 1:
			return plugin.call(context, values[0]!);
		case 2:
			return plugin.call(context, values[0]!, values[1]!);
		case 3:
			return plugin.call(context, values[0]!, values[1]!, values[2]!);
		default:
			return plugin.call(context, ...values);
	}
}

/** A fault whose words do not show some texts. */
function withoutTexts(fault: PythonError, texts: readonly string[]): PythonError {
	let {message} = fault;
	for (const text of texts) if (text) message = message.replaceAll(text, hiddenText);
	return new PythonError(fault.type, message);
}

/** What a failed filter or test gives. */
function faultOf(
	frame: Frame,
	at: Position,
	kind: 'filter' | 'test',
	name: string,
	fault: unknown,
	given: Value | undefined,
): Value {
	if (fault instanceof MarkerUsed) return fault.marker;
	if (fault instanceof UnknownUsed) return fault.unknown;
	if (!frame.context.environment.markers || endsEvaluation(fault)) throw fault;
	spend(failureWork);
	const inner = fault instanceof PythonError ? fault : errorOf(fault, frame.unit, at);
	if (!inner) throw fault;
	if (inner instanceof TemplateError && inner.category !== 'plugin') return new Marker(inner);
	return new Marker(
		new TemplateError('plugin', `The ${kind} plugin '${name}' failed: ${inner.message}`, {
			span: frame.unit.span(at),
			subject: name,
			cause: inner,
			circumstances: {values: () => (given === undefined ? [] : [['', given]])},
		}),
	);
}

/** The first marker among arguments, else the first unknown one. */
export function firstTrouble(
	positional: readonly Value[],
	named: ReadonlyMap<string, Value> | undefined,
): Marker | Unknown | undefined {
	let unknown: Unknown | undefined;
	for (const value of positional) {
		if (typeof value !== 'object' || value === null) continue;
		if (value instanceof Marker) return value;
		if (value instanceof Unknown) unknown ??= value;
	}
	if (named) {
		for (const value of named.values()) {
			if (value instanceof Marker) return value;
			if (value instanceof Unknown) unknown ??= value;
		}
	}
	return unknown;
}

/** The same value with every secret text in it plain; what is one object in it stays one. */
export function reveal(value: Value): Value {
	const copies = new Map<object, Value>();
	return revealOne(value);

	function revealOne(item: Value): Value {
		if (typeof item !== 'object' || item === null) return item;
		if (item instanceof Secret) return item.text;
		if (item instanceof Template) return item.source;
		const known = copies.get(item);
		if (known !== undefined) return known;
		const copy = revealInside(item);
		copies.set(item, copy);
		return copy;
	}

	function revealInside(item: Value): Value {
		if (Array.isArray(item)) return item.map(revealOne);
		if (item instanceof Tuple) return new Tuple(item.items.map(revealOne));
		if (item instanceof Dict)
			return Dict.from(Array.from(item.entries(), ([key, one]): [Value, Value] => [revealOne(key), revealOne(one)]));
		return item;
	}
}
