declare module 'webvtt-parser' {
  interface Cue {
    readonly startTime: number;
    readonly endTime: number;
    readonly text: string;
  }
  interface Parsed {
    readonly cues: readonly Cue[];
    readonly errors: readonly { readonly message: string; readonly line: number }[];
  }
  const webvtt: { readonly WebVTTParser: new () => { parse(text: string, mode: string): Parsed } };
  export default webvtt;
}
