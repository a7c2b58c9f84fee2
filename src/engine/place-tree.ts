interface Node<Item> {
	items?: Set<Item>;
	below?: Map<string, Node<Item>>;
}

/** Items by absolute paths, so that what lies near one is found without looking at all. */
export class PlaceTree<Item> {
	readonly #root: Node<Item> = {};

	add(path: string, item: Item): void {
		let node = this.#root;
		for (const name of namesIn(path)) {
			node.below ??= new Map();
			const next = node.below.get(name) ?? {};
			node.below.set(name, next);
			node = next;
		}
		node.items ??= new Set();
		node.items.add(item);
	}

	remove(path: string, item: Item): void {
		let node: Node<Item> | undefined = this.#root;
		for (const name of namesIn(path)) node = node?.below?.get(name);
		node?.items?.delete(item);
	}

	/** The items at a path, above it and below it. */
	*near(path: string): Iterable<Item> {
		let node: Node<Item> | undefined = this.#root;
		for (const name of namesIn(path)) {
			yield* node.items ?? [];
			node = node.below?.get(name);
			if (!node) return;
		}
		yield* within(node);
	}
}

function* within<Item>({items, below}: Node<Item>): Iterable<Item> {
	yield* items ?? [];
	for (const node of below?.values() ?? []) yield* within(node);
}

function namesIn(path: string): string[] {
	return path.split('/').filter(Boolean);
}
