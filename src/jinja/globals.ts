import type {Position} from './ast.js';
import {type DirectCallable, makeGlobal, pluginError} from './call.js';
import {endsEvaluation, MarkerUsed, PythonError, typeError, UnknownUsed} from './fault.js';
import {Namespace, Range, TypeObject} from './internal.js';
import {own} from './lazy.js';
import type {Store} from './operation.js';
import {firstTrouble, reveal} from './plugin-call.js';
import {integerArgument} from './python/argument.js';
import {isTruthy, textOf} from './python/compare.js';
import {pairsOf} from './python/container-methods.js';
import {dateTimeText} from './python/datetime.js';
import {iterate} from './python/iterate.js';
import {hiddenText, hide, holdsSecret} from './python/secret.js';
import {formatTime} from './python/strftime.js';
import {pythonStr} from './python/text.js';
import {typeName} from './python/type-name.js';
import type {Frame} from './run.js';
import {bindArguments, parseParameters} from './signature.js';
import {errorOf} from './unit.js';
import {type Callable, DateTime, Dict, Internal, Marker, Omit, Secret, TemplateError, Unknown, type Value} from './value.js';

type Named = ReadonlyMap<string, Value>;

/** Names that every template knows: Jinja's, and in playbooks Ansible's. */
export function globalValue(name: string, store: Store): Value | undefined {
	const {environment} = store.operation;
	const given = environment.globals.get(name);
	if (given !== undefined) return given;
	if (Object.hasOwn(jinjaGlobals, name)) return jinjaGlobals[name];
	if (!environment.markers) return undefined;
	if (Object.hasOwn(ansibleGlobals, name)) return ansibleGlobals[name];
	return name === 'now' ? nowFunction(store) : undefined;
}

/** All the names that `globalValue` knows in playbooks. */
export function globalNames(): string[] {
	return [...Object.keys(jinjaGlobals), ...Object.keys(ansibleGlobals), 'now'];
}

/** A type that templates call to make values of it. */
class CallableType extends TypeObject implements Callable {
	readonly callableName: string;
	readonly #make: Callable['call'];
	constructor(name: string, make: Callable['call'], typeName = name, fullName = typeName) {
		super(typeName, fullName);
		this.callableName = name;
		this.#make = make;
	}
	call(positional: readonly Value[], named: Named): Value {
		return this.#make(positional, named);
	}
	override attribute(name: string): Value | undefined {
		return this.callableName === 'dict' && name === 'fromkeys' ? dictFromKeys : undefined;
	}
}

const dictFromKeys = makeGlobal('fromkeys', (positional, named) => {
	const [keys, value] = bindArguments('fromkeys', parseParameters('iterable, value=None'), positional, named);
	return Dict.from(iterate(keys!).map((key) => [key, value!] as const));
});

const jinjaGlobals: Readonly<Record<string, Value>> = {
	range: new CallableType('range', (values, named) => {
		if (named.size) throw typeError('range() takes no keyword arguments');
		if (!values.length || values.length > 3) throw typeError(`range expected 1 to 3 arguments, got ${values.length}`);
		const [a, b, c] = values.map((value) => integerArgument(value, 'range argument')) as [number, number?, number?];
		if (c === 0) throw new PythonError('ValueError', 'range() arg 3 must not be zero');
		return b === undefined ? new Range(0, a, 1) : new Range(a, b, c ?? 1);
	}),
	dict: new CallableType('dict', (positional, named) => {
		const [other] = bindArguments('dict', parseParameters('other=()'), positional, undefined);
		const dict = Dict.from(pairsOf(other!));
		for (const [key, value] of named) dict.set(key, value);
		return dict;
	}),
	namespace: new CallableType(
		'namespace',
		(positional, named) => {
			const values = new Map<string, Value>();
			for (const value of positional) for (const [key, item] of pairsOf(value)) values.set(textOf(key) ?? '', item);
			for (const [key, value] of named) values.set(key, value);
			return new Namespace(values);
		},
		'Namespace',
		'jinja2.utils.Namespace',
	),
	cycler: new CallableType(
		'cycler',
		(items) => {
			if (!items.length) throw new PythonError('TemplateRuntimeError', 'at least one item has to be provided');
			return new Cycler(items);
		},
		'Cycler',
		'jinja2.utils.Cycler',
	),
	joiner: new CallableType(
		'joiner',
		(positional, named) => {
			const [separator] = bindArguments('joiner', parseParameters("sep=', '"), positional, named);
			return new Joiner(separator!);
		},
		'Joiner',
		'jinja2.utils.Joiner',
	),
	lipsum: makeGlobal('lipsum', (positional, named) => {
		const [count] = bindArguments('lipsum', parseParameters('n=5, html=True, min=20, max=100'), positional, named);
		const paragraph =
			'Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua.';
		return Array.from({length: Math.min(1000, integerArgument(count!, 'n'))}, () => `<p>${paragraph}</p>`).join('\n');
	}),
};

class Cycler extends Internal {
	readonly pythonType = 'Cycler';
	readonly #items: readonly Value[];
	#position = 0;
	constructor(items: readonly Value[]) {
		super();
		this.#items = items;
	}
	override attribute(name: string): Value | undefined {
		if (name === 'current') return this.#items[this.#position]!;
		if (name === 'next') {
			return makeGlobal(name, () => {
				const value = this.#items[this.#position]!;
				this.#position = (this.#position + 1) % this.#items.length;
				return value;
			});
		}
		if (name === 'reset') {
			return makeGlobal(name, () => {
				this.#position = 0;
				return null;
			});
		}
		return undefined;
	}
}

class Joiner extends Internal implements Callable {
	readonly pythonType = 'Joiner';
	readonly callableName = 'joiner';
	readonly #separator: Value;
	#used = false;
	constructor(separator: Value) {
		super();
		this.#separator = separator;
	}
	call(): Value {
		if (this.#used) return this.#separator;
		this.#used = true;
		return '';
	}
}

const noVariable = new Marker(new TemplateError('undefined', 'Mandatory variable has not been overridden'));

const ansibleGlobals: Readonly<Record<string, Value>> = {
	omit: Omit.omit,
	lookup: lookupFunction('lookup', false),
	query: lookupFunction('query', true),
	q: lookupFunction('q', true),
	undef: direct('undef', (_frame, positional, named) => {
		const [hint] = bindArguments('undef', parseParameters('hint=None'), positional, named);
		if (hint === null) return noVariable;
		if (hint instanceof Marker) throw new MarkerUsed(hint);
		const text = hint instanceof Secret ? hiddenText : textOf(hint!);
		if (text === undefined) throw typeError(`The 'hint' argument must be of type 'str' or 'NoneType', not '${typeName(hint!)}'.`);
		return new Marker(text ? new TemplateError('undefined', text) : noVariable.error);
	}),
};

function direct(name: string, callIn: DirectCallable['callIn']): Value {
	const callable: DirectCallable = {
		callableName: name,
		callableType: 'function',
		direct: true,
		callIn,
		call() {
			throw typeError(`'${name}' cannot be called from here`);
		},
	};
	return callable;
}

/** `lookup`, `query` and `q`: the lookups themselves are the scope's. */
function lookupFunction(name: string, alwaysList: boolean): Value {
	return direct(name, (frame, positional, named, at) => {
		const [plugin, ...terms] = positional;
		if (plugin instanceof Marker) return plugin;
		const lookupName = plugin === undefined ? undefined : textOf(plugin);
		if (plugin === undefined) throw typeError(`${name}() missing 1 required positional argument: 'plugin_name'`);
		if (lookupName === undefined) {
			const message = `The lookup plugin ${pythonStr(plugin)} failed to load: unsupported type <class '${typeName(plugin)}'>`;
			throw pluginError(message, frame, at, pythonStr(plugin), 'no_plugin');
		}
		return runLookup(frame, lookupName, plugin instanceof Secret ? hiddenText : lookupName, terms, named, alwaysList, at);
	});
}

/** The lookups that take markers as they are. */
const markerLookups = new Set(['env', 'first_found']);

function runLookup(
	frame: Frame,
	name: string,
	shownName: string,
	terms: readonly Value[],
	named: Named,
	alwaysList: boolean,
	at: Position,
): Value {
	const {operation} = frame.context.store;
	const short = name.replace(/^ansible\.(builtin|legacy)\./, '');
	const missing = (): TemplateError =>
		pluginError(`The lookup plugin '${shownName}' was not found.`, frame, at, shownName, 'no_plugin');
	const options = new Map(named);
	const wantlist = alwaysList || isTruthy(options.get('wantlist') ?? false);
	const errors = textOf(options.get('errors') ?? 'strict') ?? 'strict';
	options.delete('wantlist');
	options.delete('errors');
	if (!operation.scope.lookup) throw missing();
	const trouble = firstTrouble(terms, named);
	if (trouble && !(trouble instanceof Marker && markerLookups.has(short))) return trouble;
	let results: readonly Value[] | undefined;
	try {
		const secret = operation.secrets && [...terms, ...named.values()].some(holdsSecret);
		const shown = secret ? terms.map(reveal) : terms;
		results = operation.scope.lookup(short, shown, options);
		if (secret) results = results?.map(hide);
	} catch (fault) {
		if (fault instanceof MarkerUsed) return fault.marker;
		if (fault instanceof UnknownUsed) return fault.unknown;
		if (endsEvaluation(fault)) throw fault;
		const cause = fault instanceof PythonError ? fault : errorOf(fault, frame.unit, at);
		if (!cause) throw fault;
		if (cause instanceof TemplateError && cause.category !== 'plugin' && cause.category !== 'runtime') return new Marker(cause);
		if (errors === 'warn')
			operation.warn(`An error occurred while running the lookup plugin '${shownName}': ${cause.message}`, frame.unit.span(at));
		if (errors === 'warn' || errors === 'ignore') return wantlist ? [] : null;
		return new Marker(
			pluginError(`The lookup plugin '${shownName}' failed: ${cause.message}`, frame, at, shownName, 'plugin', cause),
		);
	}
	if (results === undefined) throw missing();
	const owned = own([...results], frame.context.store) as readonly Value[];
	if (wantlist || !owned.length) return owned;
	if (owned.length === 1) return owned[0]!;
	if (owned.some((one) => one instanceof Unknown)) return owned.find((one) => one instanceof Unknown)!;
	const texts = owned.map(textOf);
	if (texts.some((text) => text === undefined)) return owned;
	return owned.some((one) => one instanceof Secret) ? new Secret(texts.join(',')) : texts.join(',');
}

function nowFunction(store: Store): Value {
	return makeGlobal('now', (positional, named) => {
		const [utc, format] = bindArguments('now', parseParameters('utc=False, fmt=None'), positional, named);
		const clock = store.operation.scope.now?.() ?? new Date();
		const shift = isTruthy(utc!) ? 0 : clock.getTimezoneOffset();
		const date = new DateTime(BigInt(clock.getTime() - shift * 60_000) * 1000n, true);
		if (format === null) return date;
		const text = textOf(format!);
		if (text === undefined) throw typeError(`strftime() argument 1 must be str, not ${typeName(format!)}`);
		return text ? formatTime(date, text) : dateTimeText(date);
	});
}
