import {type DefaultRenderer, Listr, ListrDefaultRendererLogLevels, type ListrTaskWrapper, type SimpleRenderer} from 'listr2';
import type {Screen} from './live-view.js';
import type {Section} from './section.js';

type Wrapper = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof SimpleRenderer>;

/** What ends sooner is not drawn at all, in milliseconds. */
const PATIENCE = 150;
/** Milliseconds from one drawing to the next. */
const PERIOD = 200;

/** A drawing of tasks that run, by listr2, until it is closed; nothing stays of it. */
export class Board {
	readonly #sections: readonly Section[];
	readonly #screen: Screen;
	#close: () => void = () => {};
	readonly #closed = new Promise<void>((resolve) => {
		this.#close = resolve;
	});

	constructor(sections: readonly Section[], screen: Screen) {
		this.#sections = sections;
		this.#screen = screen;
	}

	close(): void {
		this.#close();
	}

	async run(): Promise<void> {
		if (await this.#endsWithin(PATIENCE)) return;
		const list = new Listr([{title: this.#title(), task: (_context, wrapper) => this.#draw(wrapper as Wrapper)}], {
			exitOnError: false,
			registerSignalListeners: false,
			rendererOptions: {
				clearOutput: true,
				collapseSubtasks: false,
				formatOutput: 'truncate',
				icon: {[ListrDefaultRendererLogLevels.OUTPUT]: ' '},
			},
			forceUnicode: true,
		});
		await list.run();
	}

	async #endsWithin(milliseconds: number): Promise<boolean> {
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<boolean>((resolve) => {
			timer = setTimeout(() => resolve(false), milliseconds);
		});
		const ended = await Promise.race([late, this.#closed.then(() => true)]);
		clearTimeout(timer);
		return ended;
	}

	async #draw(wrapper: Wrapper): Promise<void> {
		const draw = () => {
			wrapper.output = this.#lines().join('\n');
		};
		draw();
		const timer = setInterval(draw, PERIOD);
		await this.#closed;
		clearInterval(timer);
	}

	#title(): string {
		const [first, ...more] = this.#sections;
		return more.length === 0 ? first!.title : `${this.#sections.length} tasks`;
	}

	/** As many lines as the screen has room for, the last ones. */
	#lines(): string[] {
		const isSeveral = this.#sections.length > 1;
		const lines = this.#sections.flatMap((section) => section.lines(this.#screen, isSeveral ? `${section.title}: ` : ''));
		const room = Math.max(1, this.#screen.rows() - 4);
		return lines.length <= room ? lines : [`… and ${lines.length - room + 1} more`, ...lines.slice(1 - room)];
	}
}
