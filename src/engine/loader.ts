import {readdirSync, readFileSync, statSync} from 'node:fs';
import {dirname, resolve} from 'node:path';
import {builtinName, type Definition, findModule, isRefusal, moduleNames, type Refusal} from '../modules/modules.js';
import type {Level, Reading} from '../playbook/playbook.js';
import {
	type Diagnostic,
	DiagnosticError,
	didYouMean,
	type MapNode,
	type Node,
	parseYaml,
	type Report,
	type SourceFile,
	type Span,
} from '../source/source.js';

/** What a loader needs from outside. */
export interface LoaderOptions {
	readonly rolesPath: readonly string[];
	readonly keywordDefaults?: ReadonlyMap<string, Node>;
	readonly report: Report;
	/** A file, opened when it is vault text. Throws what vault throws. */
	readonly open: (path: string) => SourceFile;
	readonly evaluateName: (node: Node, level: Level) => string | undefined;
}

/** Names that the engine itself gives a meaning to. */
const engineModules = new Set(['include_tasks', 'include_role', 'import_tasks', 'import_role']);

/** Reads the files of playbooks and roles, each once, and the modules that they name. */
export class Loader implements Reading {
	readonly #options: LoaderOptions;
	readonly #files = new Map<string, Node | undefined | null>();
	readonly #wanted = new Map<string, Span>();
	/** Names in `module_defaults` that are not Playbill's own. */
	readonly #foreign = new Map<string, Span>();
	readonly definitions = new Map<string, Definition>();
	playbookFolder = '.';
	#ids = 0;
	#collected: Diagnostic[] | undefined;

	constructor(options: LoaderOptions) {
		this.#options = options;
	}

	get rolesPath(): readonly string[] {
		return this.#options.rolesPath;
	}

	get keywordDefaults(): ReadonlyMap<string, Node> {
		return this.#options.keywordDefaults ?? new Map();
	}

	readonly report: Report = (diagnostic) => {
		if (this.#collected && diagnostic.severity === 'error') this.#collected.push(diagnostic);
		else this.#options.report(diagnostic);
	};

	beginPlaybook(path: string): void {
		this.playbookFolder = dirname(resolve(path));
	}

	nextId(): number {
		return ++this.#ids;
	}

	noteModule(name: string, span: Span): void {
		if (!engineModules.has(name) && !this.definitions.has(name) && !this.#wanted.has(name)) this.#wanted.set(name, span);
	}

	noteDefaults(name: string, span: Span): void {
		if (builtinName(name) === undefined) this.#foreign.set(name, span);
	}

	evaluateName(node: Node, level: Level): string | undefined {
		return this.#options.evaluateName(node, level);
	}

	readYaml(path: string): Node | undefined | null {
		if (this.#files.has(path)) return this.#files.get(path);
		let faulty = false;
		if (!this.isFile(path)) return undefined;
		const file = this.#options.open(path);
		const node = parseYaml(file, (diagnostic) => {
			faulty ||= diagnostic.severity === 'error';
			this.report(diagnostic);
		});
		file.isSecret = file.isSealed && node?.kind === 'map';
		// Whoever asks for it again hears of its faults too.
		if (faulty) return null;
		this.#files.set(path, node ?? null);
		return node ?? null;
	}

	/** The files that were read so far, by path. */
	loaded(): ReadonlyMap<string, Node> {
		return new Map([...this.#files].filter((entry): entry is [string, Node] => Boolean(entry[1])));
	}

	/** The YAML of a file that nothing asks for yet: what is wrong with it is not told. */
	peek(path: string): Node | undefined {
		const known = this.#files.get(path);
		if (known || !this.isFile(path)) return known ?? undefined;
		try {
			return parseYaml(this.#options.open(path), () => {});
		} catch {
			return undefined;
		}
	}

	/** The mappings of a file of variables, which may be a list of them; undefined when it does not exist. What else it is gets reported. */
	readVarsFile(path: string): readonly MapNode[] | undefined {
		const node = this.readYaml(path);
		if (node === undefined) return undefined;
		if (node === null || (node.kind === 'scalar' && node.value === null)) return [];
		return (node.kind === 'seq' ? node.items : [node]).filter((one): one is MapNode => {
			if (one.kind === 'map') return true;
			this.report({
				severity: 'error',
				code: 'playbook/shape',
				message: 'a file of variables must be a mapping, or a list of mappings',
				labels: [{span: one.span, text: one.kind === 'seq' ? 'this is a list' : 'this is a single value'}],
				ansible: 'Invalid variable file contents.',
				ansibleHelp: 'Variable files must contain either a dictionary of variables, or a list of dictionaries.',
			});
			return false;
		});
	}

	/** Reads what a dynamic include names: its errors are thrown together, as a failure of the include. */
	collecting<T>(read: () => T): T {
		const outer = this.#collected;
		const found: Diagnostic[] = [];
		this.#collected = found;
		try {
			const result = read();
			if (found.length > 0) throw new DiagnosticError(...found);
			return result;
		} finally {
			this.#collected = outer;
		}
	}

	/** Loads the modules that were named since; those that do not exist are given as diagnostics. */
	async loadDefinitions(): Promise<Diagnostic[]> {
		const wanted = [...this.#wanted];
		this.#wanted.clear();
		const diagnostics: Diagnostic[] = [];
		for (const [name, span] of wanted) {
			if (this.definitions.has(name)) continue;
			const found = await findModule(name);
			if (!isRefusal(found)) this.definitions.set(name, found);
			else diagnostics.push(refused(name, span, found));
		}
		for (const [name, span] of this.#foreign) {
			const found = await findModule(name);
			const ansible = `Could not resolve action ${name.includes('.') ? '' : 'ansible.legacy.'}${name} in module_defaults`;
			if (isRefusal(found) && found.unsupported === 'unknown') diagnostics.push({...refused(name, span, found), ansible});
		}
		this.#foreign.clear();
		return diagnostics;
	}

	isFile(path: string): boolean {
		return statSync(path, {throwIfNoEntry: false})?.isFile() ?? false;
	}
	isFolder(path: string): boolean {
		return statSync(path, {throwIfNoEntry: false})?.isDirectory() ?? false;
	}
	list(path: string): string[] {
		try {
			return readdirSync(path).sort();
		} catch {
			return [];
		}
	}
}

function refused(name: string, span: Span, {nearest, unsupported, message, help, ansible}: Refusal): Diagnostic {
	const text = didYouMean(name, nearest.length > 0 ? nearest : moduleNames);
	return {
		severity: 'error',
		code: unsupported === 'unknown' ? 'module/unknown' : 'module/unsupported',
		message,
		labels: [text ? {span, text} : {span}],
		...(help ? {help} : {}),
		ansible,
	};
}

/** The text of a file as it lies on disk. */
export function readText(path: string): string {
	return readFileSync(path, 'utf8');
}
