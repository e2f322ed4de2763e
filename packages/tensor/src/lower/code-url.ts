/**
 * Where this code lies: what stores that outlive a version of it tell versions apart by.
 */

/** The address of this file, or of the file that it was bundled into. */
export const codeUrl: string = import.meta.url;
