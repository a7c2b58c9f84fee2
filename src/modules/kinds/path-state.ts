import type {Unknowable} from '../contract.js';

/**
 * What stands at a path of a host. Fields that a planned state leaves undefined are the host's to decide.
 * `unreadable`: a directory above it may not be searched by the user who looked, so it is never called absent.
 */
export interface PathState {
	readonly type: 'absent' | 'file' | 'directory' | 'link' | 'other' | 'unreadable';
	/** The path with `~` and variables expanded on the host. */
	readonly path: string;
	/** Permission bits, 0 to 0o7777. */
	readonly mode?: number;
	readonly owner?: string;
	readonly group?: string;
	readonly uid?: number;
	readonly gid?: number;
	/** Bytes. */
	readonly size?: Unknowable<number>;
	/** SHA-1 of a regular file in hex, when it was wanted and the file may be read. */
	readonly sha1?: Unknowable<string>;
	/** The digest by another algorithm, when that was wanted. */
	readonly digest?: Unknowable<string>;
	/** The bytes of a regular file, when they were wanted and are within the limit. */
	readonly content?: Unknowable<Buffer>;
	/** A folder above it is a link, so that it has another name too. */
	readonly throughLink?: boolean;
	/** A link's text. */
	readonly target?: string;
	/** What a link leads to at the end; undefined for what is not a link. */
	readonly followed?: PathState;
	/** Seconds since 1970 with fraction. */
	readonly mtime?: number;
	readonly atime?: number;
	/** The same as the host's wall clock reads it, in `touch -t`'s form (`202601311259.30`). */
	readonly modified?: string;
	readonly accessed?: string;
	/** What a hard link is told by. */
	readonly inode?: Unknowable<number>;
	readonly device?: number;
	readonly links?: number;
	/** What `stat` reports beside the above. */
	readonly details?: PathDetails;
	/** What the user who looked may do with it. */
	readonly readable?: boolean;
	readonly writable?: boolean;
	readonly executable?: boolean;
	/** The creation mask of the user who looked. */
	readonly umask?: number;
	/** Planned times, in `touch -t`'s form; only what is set here is compared. */
	readonly setModified?: string;
	readonly setAccessed?: string;
	/** Planned: a folder that is made by the task, so nothing lies in it but what is planned too. */
	readonly fresh?: boolean;
	/** Planned: a folder into which an archive was unpacked that is only foretold, so what lies in it is not known. */
	readonly opaque?: boolean;
	/** One of many of a tree: `--diff` shows nothing of it. */
	readonly quiet?: boolean;
}

export interface PathDetails {
	/** `st_mode` with the file type's bits. */
	readonly rawMode: number;
	readonly ctime: number;
	readonly blocks: number;
	readonly blockSize: number;
	readonly deviceType: number;
	/** What `file --mime-type --mime-encoding` says, when it was wanted. */
	readonly mime?: string;
	/** What `lsattr -vd` says, when it was wanted. */
	readonly attributes?: string;
}

/** What is reached through the path: the end of a link's chain, or the thing itself. */
export function reached(state: PathState): PathState {
	return state.type === 'link' ? (state.followed ?? {type: 'absent', path: state.path}) : state;
}

/** Whether something is there when links are followed, as `os.path.exists` says. */
export function exists(state: PathState): boolean {
	const {type} = reached(state);
	return type !== 'absent' && type !== 'unreadable';
}
