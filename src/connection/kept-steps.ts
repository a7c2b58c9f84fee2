import {randomBytes} from 'node:crypto';
import {KEEP_END, KEEP_TEXT} from './kept-outcome.js';

/** After so many acknowledged steps their outcomes are removed. */
const BUNDLE = 16;

/** A process of the host: its pid, and when it began, as far as the host tells. */
export interface HostProcess {
	readonly pid: string;
	readonly began: string;
}

/** Where the outcome of a lost step may be found. */
export interface Trace {
	/** Names the folder of the framed shell. */
	readonly folder: string;
	/** The step's number in it. */
	readonly step: number;
	/** For a step with streamed input: how many tenths of a second the rest of it is waited for. */
	readonly patience?: number;
}

/** This side of the outcomes that the host keeps for one framed shell. */
export class KeptSteps {
	readonly folder = randomBytes(12).toString('hex');
	readonly #acknowledged: number[] = [];
	#begun = false;

	/** What is written before the next step that is kept. */
	before(): string {
		const make = this.#begun ? '' : `${KEEP_TEXT}pb_k ${this.folder}\n`;
		this.#begun = true;
		return this.#acknowledged.length < BUNDLE ? make : `${make}pb_u ${this.#acknowledged.splice(0).join(' ')}\n`;
	}

	/** The answer of a step has come. */
	acknowledge(step: number): void {
		this.#acknowledged.push(step);
	}

	/** Whether there is a folder. */
	get begun(): boolean {
		return this.#begun;
	}

	/** What is written when the shell is no longer needed. */
	atEnd(): string {
		return this.#begun ? KEEP_END : '';
	}
}
