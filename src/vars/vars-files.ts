import {finalize, pythonStr, TemplateError} from '../jinja/jinja.js';
import type {Play} from '../playbook/playbook.js';
import type {Node} from '../source/source.js';
import type {Layer, ReadNode} from './layer.js';
import type {TaskScope} from './scope.js';

/** What reading `vars_files` needs. */
export interface VarsFilesSources {
	readonly playbookFolder: string;
	/** The variables of a file, the strongest last; undefined when it does not exist. */
	readonly readFile: (path: string) => readonly Layer[] | undefined;
	readonly read: ReadNode;
	/** The names a host sees with these layers on top of its facts and inventory. */
	readonly scope: (host: string | undefined, play: Play, layers: readonly Layer[]) => TaskScope;
	readonly warn: (text: string) => void;
}

/**
 * `vars_files` of plays, for each host as their names may hold its facts (ansible/vars/manager.py). A name that is not known yet and
 * a file that is not there are passed over with a warning, as Ansible does without one.
 */
export class VarsFiles {
	readonly #sources: VarsFilesSources;
	readonly #known = new Map<string, readonly Layer[]>();
	readonly #warned = new Set<string>();

	constructor(sources: VarsFilesSources) {
		this.#sources = sources;
	}

	/** Names are evaluated anew: a play begins, or a host's facts are new. */
	forget(host?: string): void {
		if (host === undefined) this.#known.clear();
		else this.#known.delete(host);
	}

	/** The layers of a play's files for a host, the last file first; `below` is what stands between them and the facts. */
	layersFor(host: string | undefined, play: Play, below: readonly Layer[]): readonly Layer[] {
		const node = play.keywords.get('vars_files');
		if (!node || (node.kind === 'scalar' && node.value === null)) return [];
		const known = this.#known.get(host ?? '');
		if (known) return known;
		let layers: readonly Layer[] = [];
		let complete = true;
		for (const item of node.kind === 'seq' ? node.items : [node]) {
			try {
				const found = this.#first(item, this.#sources.scope(host, play, [...layers, ...below]));
				if (found) layers = [...found.toReversed(), ...layers];
			} catch (error) {
				if (!(error instanceof TemplateError && error.category === 'undefined')) throw error;
				complete = false;
				this.#warnOnce('skipping vars_files item due to an undefined variable');
			}
		}
		if (complete) this.#known.set(host ?? '', layers);
		return layers;
	}

	/** The first file of an item (a name, or a list of names) that exists: in `vars/` beside the playbook, or beside it. */
	#first(item: Node, scope: TaskScope): readonly Layer[] | undefined {
		const {playbookFolder, read, readFile} = this.#sources;
		const names = (item.kind === 'seq' ? item.items : [item]).map((node) => pythonStr(finalize(read(node), scope)));
		for (const name of names) {
			const places = name.startsWith('/') ? [name] : [`${playbookFolder}/vars/${name}`, `${playbookFolder}/${name}`];
			for (const path of places) {
				const found = readFile(path);
				if (found) return found;
			}
		}
		this.#warnOnce(`vars file ${names.join(', ')} was not found`);
		return undefined;
	}

	#warnOnce(text: string): void {
		if (this.#warned.has(text)) return;
		this.#warned.add(text);
		this.#sources.warn(text);
	}
}
