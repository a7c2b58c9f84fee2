/* Above 300 lines: one state machine, whose queue, two streams, clock and end look at the same few fields. What they say and read lies beside it. */
import {randomBytes} from 'node:crypto';
import type {Channel} from './channel.js';
import {streamOf} from './content.js';
import {sendContent} from './content-stream.js';
import {DeadlineError, type Request, type Response} from './contract.js';
import {type Frame, FrameReader} from './frames.js';
import {type HostProcess, KeptSteps, type Trace} from './kept-steps.js';
import {Lines} from './lines.js';
import {resolvers, within} from './promises.js';
import {definitionText, type Feed, feedOf, greetingText, requestText, STREAM_TEXT} from './request-text.js';
import {ShellGone} from './shell-gone.js';

/** What a framed shell needs of the connection that it belongs to. */
export interface Surroundings {
	/** Ends what runs below a process of the host, seen from outside of this shell. */
	interrupt(pid: string): Promise<void>;
	/** Told what tells the machine apart that the shell sees. */
	met?(machine: string): void;
	/** Told for each time that the host's answer is waited for. */
	countTrip(): void;
	/** Tells the lines of a running step whose output is kept on the host; without it nothing is kept there. */
	readonly follow?: (trace: Trace, onLine: NonNullable<Request['onLine']>) => Promise<void>;
}

interface Entry {
	readonly request: Request;
	readonly sequence: number;
	readonly resolve: (response: Response) => void;
	readonly reject: (error: Error) => void;
	readonly out: Buffer[];
	readonly err: Buffer[];
	readonly lines: Lines | undefined;
	/** Its outcome is kept on the host until it is answered. */
	readonly kept: boolean;
	feed: Feed;
	/** All of its streamed content was given to the channel. */
	sealed: boolean;
	status: number | undefined;
	errEnded: boolean;
	/** Resolves when the request is answered or given up. */
	done: Promise<void>;
	timer?: NodeJS.Timeout;
	followTimer?: NodeJS.Timeout;
	/** What the request fails with whatever its status is. */
	failure?: Error;
}

/** How many milliseconds an interrupted script has to end before its whole channel is dropped. */
const GRACE = 3000;
/** A host whose answers take longer than so many milliseconds is far enough for content to be compressed: on a local network that takes longer than sending. */
const FAR = 5;
/** After how many milliseconds the output of a step that is kept on the host is looked at before its end. */
const FOLLOW_AFTER = 1500;
/** So many tenths of a second a step whose connection was lost has to read what is on the host of its content. */
const PATIENCE = 300;
/** How much of the noise before the greeting is kept, for the message when no greeting comes. */
const NOISE_KEPT = 2048;

/**
 * One long-lived `sh` over a byte stream. Requests run one after another, and the next is written before the former's answer has come.
 * The end of each is a line with this shell's random marker on both streams; what comes before the greeting (messages of the day, a profile's noise) is dropped.
 */
export class FramedShell {
	readonly #channel: Channel;
	readonly #marker = `pb${randomBytes(12).toString('hex')}`;
	readonly #surroundings: Surroundings;
	readonly #defined = new Set<string>();
	readonly #kept = new KeptSteps();
	readonly #waiting: Entry[] = [];
	/** Written and not yet answered, oldest first. */
	readonly #sent: Entry[] = [];
	readonly #greeting = resolvers<void>();
	readonly #greetedBy = {out: false, err: false};
	#process: HostProcess | undefined;
	#builtinPrintf = true;
	/** The fewest milliseconds in which an answer came: the way there and back, and a little more. */
	#quickest = Number.POSITIVE_INFINITY;
	#askedAt: number | undefined;
	/** An answer has come since something was last written. */
	#heard = true;
	#sequence = 0;
	#noise = '';
	#gone: string | undefined;
	#useless = false;

	constructor(channel: Channel, surroundings: Surroundings) {
		this.#channel = channel;
		this.#surroundings = surroundings;
		this.#greeting.promise.catch(() => {});
		const out = new FrameReader(
			this.#marker,
			(bytes) => this.#output(bytes, 'out'),
			(frame) => this.#outFrame(frame),
		);
		const err = new FrameReader(
			this.#marker,
			(bytes) => this.#output(bytes, 'err'),
			(frame) => this.#errFrame(frame),
		);
		channel.stdout.on('data', (chunk: Buffer) => out.push(chunk));
		channel.stderr.on('data', (chunk: Buffer) => err.push(chunk));
		channel.stdin.on('error', () => {});
		void channel.closed.then((reason) => this.#end(reason));
		channel.stdin.write(greetingText(this.#marker));
	}

	/** Whether requests can still be given. */
	get alive(): boolean {
		return this.#gone === undefined;
	}

	/** Names the folder in which the host keeps outcomes for it. */
	get folder(): string {
		return this.#kept.folder;
	}

	/** What it is on the host, once it has greeted. */
	get process(): HostProcess | undefined {
		return this.#process;
	}

	/** Resolves when all that was given to it is answered. */
	async idle(): Promise<void> {
		await Promise.all([...this.#sent, ...this.#waiting].map((entry) => entry.done));
	}

	/** Resolves when the shell has answered for the first time. Throws `ShellGone`, with what it printed instead. */
	greeted(): Promise<void> {
		return this.#greeting.promise;
	}

	/** Throws `ShellGone` when the stream ends first, `DeadlineError`, and `TypeError` for what no shell can take. */
	run(request: Request): Promise<Response> {
		if (this.#gone !== undefined) return Promise.reject(this.#farewell());
		const {onLine, changes = false, repeatable = false} = request;
		const {promise, resolve, reject} = resolvers<Response>();
		this.#waiting.push({
			request,
			sequence: ++this.#sequence,
			resolve,
			reject,
			out: [],
			err: [],
			lines: onLine && new Lines(onLine),
			kept: changes && !repeatable && this.#surroundings.follow !== undefined,
			feed: {kind: 'none'},
			sealed: false,
			status: undefined,
			errEnded: false,
			done: promise.then(
				() => {},
				() => {},
			),
		});
		this.#pump();
		return promise;
	}

	/** Ends the shell: at once when nothing runs, else by ending what runs. */
	async close(): Promise<void> {
		if (this.#gone !== undefined) return;
		const closed = (sent: boolean) => new ShellGone('the connection was closed', sent, true);
		for (const entry of this.#waiting.splice(0)) entry.reject(closed(false));
		for (const entry of this.#sent) entry.failure ??= closed(true);
		if (this.#sent.length > 0 && this.#process) {
			await within(GRACE, this.#surroundings.interrupt(this.#process.pid));
			await within(GRACE, this.idle());
		}
		this.#channel.stdin.end(this.#kept.atEnd());
		if (this.#sent.length > 0) this.#channel.destroy();
		await within(GRACE, this.#channel.closed);
		this.#channel.destroy();
	}

	/** Writes what can be written. A request with a deadline or a stream holds back those behind it: what is killed or read must be its own. */
	#pump(): void {
		const text: string[] = [];
		while (this.#waiting.length > 0 && !this.#sent.some(isBarrier)) {
			const entry = this.#waiting[0]!;
			if ((entry.request.stdin !== undefined || entry.request.changes) && !this.#isGreeted) {
				this.#greeting.promise.then(() => this.#pump()).catch(() => {});
				break;
			}
			this.#waiting.shift();
			try {
				text.push(this.#textOf(entry));
			} catch (error) {
				entry.reject(error as Error);
				continue;
			}
			this.#sent.push(entry);
			if (this.#sent.length === 1) this.#startClock(entry);
		}
		if (text.length === 0) return;
		// What is written before any answer has come costs no further waiting.
		if (this.#heard) this.#surroundings.countTrip();
		this.#heard = false;
		this.#askedAt ??= performance.now();
		this.#channel.stdin.write(text.join(''));
	}

	#textOf(entry: Entry): string {
		const {request, sequence} = entry;
		entry.feed = feedOf(request.stdin, this.#builtinPrintf, () => randomBytes(8).toString('hex'));
		let text = requestText(sequence, request, entry.feed, entry.kept);
		if (!this.#defined.has(request.script.id)) text = definitionText(request.script) + text;
		this.#defined.add(request.script.id);
		if (entry.feed.kind === 'stream' && !this.#defined.has('pb_s')) {
			this.#defined.add('pb_s');
			text = STREAM_TEXT + text;
		}
		return entry.kept ? this.#kept.before() + text : text;
	}

	#startClock(entry: Entry): void {
		if (!this.#isGreeted) return;
		const {deadline} = entry.request;
		const {lines, kept} = entry;
		if (deadline !== undefined) entry.timer = setTimeout(() => void this.#expire(entry, deadline), deadline);
		if (!kept || !lines) return;
		const follow = () => this.#surroundings.follow!(this.#traceOf(entry), lines.ahead).catch(() => {});
		entry.followTimer = setTimeout(follow, FOLLOW_AFTER);
	}

	#traceOf({sequence, feed, sealed}: Entry): Trace {
		return {folder: this.folder, step: sequence, ...(feed.kind === 'stream' ? {patience: sealed ? PATIENCE : 0} : {})};
	}

	async #expire(entry: Entry, deadline: number): Promise<void> {
		entry.failure = new DeadlineError(`the script was ended after ${deadline / 1000} seconds`);
		if (this.#process) await within(GRACE, this.#surroundings.interrupt(this.#process.pid));
		// What was not read of streamed content would be taken for commands.
		if (entry.feed.kind !== 'stream') await within(GRACE, entry.done);
		if (this.#sent.includes(entry)) this.#channel.destroy();
	}

	#output(bytes: Buffer, stream: 'out' | 'err'): void {
		if (!this.#greetedBy[stream]) {
			this.#noise = (this.#noise + bytes.subarray(-NOISE_KEPT).toString('utf8')).slice(-NOISE_KEPT);
			return;
		}
		const entry = this.#sent.find((one) => (stream === 'err' ? !one.errEnded : one.status === undefined));
		entry?.[stream].push(bytes);
		entry?.lines?.push(stream, bytes);
	}

	#outFrame([sequence, word, more, began = '-', machine]: Frame): void {
		if (sequence === 'hello') {
			this.#process = {pid: word!, began: began === '-' ? '' : began};
			this.#builtinPrintf = more === 'builtin';
			if (machine) this.#surroundings.met?.(machine);
			this.#greet('out');
			return;
		}
		const entry = this.#sent.find((one) => one.status === undefined);
		if (!entry || String(entry.sequence) !== sequence) return;
		if (word === 'ready') {
			void this.#stream(entry, more === 'gzip');
			return;
		}
		const status = Number(word);
		entry.status = status > 256 ? status - 128 : status;
		this.#settle(entry);
	}

	#errFrame([sequence]: Frame): void {
		if (sequence === 'hello') {
			this.#greet('err');
			return;
		}
		const entry = this.#sent.find((one) => !one.errEnded);
		if (!entry || String(entry.sequence) !== sequence) return;
		entry.errEnded = true;
		this.#settle(entry);
	}

	get #isGreeted(): boolean {
		return this.#greetedBy.out && this.#greetedBy.err;
	}

	#greet(stream: 'out' | 'err'): void {
		this.#greetedBy[stream] = true;
		if (!this.#isGreeted) return;
		this.#noise = '';
		if (this.#sent[0]) this.#startClock(this.#sent[0]);
		this.#greeting.resolve();
	}

	#settle(entry: Entry): void {
		if (entry.status === undefined || !entry.errEnded) return;
		clearTimeout(entry.timer);
		clearTimeout(entry.followTimer);
		this.#heard = true;
		if (this.#askedAt !== undefined) this.#quickest = Math.min(this.#quickest, performance.now() - this.#askedAt);
		this.#askedAt = undefined;
		this.#sent.splice(this.#sent.indexOf(entry), 1);
		entry.lines?.end();
		if (entry.kept) this.#kept.acknowledge(entry.sequence);
		if (entry.failure) entry.reject(entry.failure);
		else entry.resolve({stdout: Buffer.concat(entry.out), stderr: Buffer.concat(entry.err), status: entry.status});
		if (this.#sent[0]) this.#startClock(this.#sent[0]);
		this.#pump();
	}

	/** Sends content at the pace of the host, exactly as long as it was said to be, then its seal. */
	async #stream(entry: Entry, canUnpack: boolean): Promise<void> {
		if (entry.feed.kind !== 'stream') return;
		const {size, seal} = entry.feed;
		const {stdin} = this.#channel;
		this.#surroundings.countTrip();
		try {
			const over = () => this.#gone !== undefined || entry.failure !== undefined;
			const {onLine} = entry.request;
			const sent = await sendContent(streamOf(entry.request.stdin!), stdin, {
				size,
				over,
				compress: canUnpack && this.#quickest > FAR,
				...(onLine ? {onProgress: (text) => onLine(text, 'out')} : {}),
			});
			if (over()) return;
			if (sent !== size) throw new Error(`the content was to be ${size} bytes long and is not: it changed while it was sent`);
			stdin.write(`${seal}\n`);
			entry.sealed = true;
		} catch (error) {
			// What the channel itself fails with is told by its end.
			if (error !== stdin.errored) entry.failure ??= error as Error;
			this.#channel.destroy();
		}
	}

	/** Ends a shell that is of no use, with the reason that its requests are told. */
	abandon(reason: string): void {
		this.#useless = true;
		this.#end(reason);
		this.#channel.destroy();
	}

	#farewell(sent?: Entry): ShellGone {
		return new ShellGone(this.#gone!, sent !== undefined, this.#useless, sent?.kept ? this.#traceOf(sent) : undefined);
	}

	#end(reason: string): void {
		if (this.#gone !== undefined) return;
		const noise = this.#noise.trim();
		this.#useless ||= reason === '' && !this.#isGreeted;
		this.#gone = [reason || 'the shell on the host ended', noise].filter(Boolean).join(': ');
		this.#greeting.reject(this.#farewell());
		for (const entry of this.#sent.splice(0)) {
			clearTimeout(entry.timer);
			clearTimeout(entry.followTimer);
			entry.reject(entry.failure ?? this.#farewell(entry));
		}
		for (const entry of this.#waiting.splice(0)) entry.reject(this.#farewell());
	}
}

function isBarrier(entry: Entry): boolean {
	return entry.feed.kind === 'stream' || entry.request.deadline !== undefined;
}
