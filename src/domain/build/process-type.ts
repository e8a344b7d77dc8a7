/** A process that an image can run, as its buildpacks or its Procfile name it. */
export interface ProcessType {
  /** `web`, `worker`, … */
  readonly name: string;
  /** The command as it was declared, for people; what a worker's command is to be says the suggestion. */
  readonly command: string;
}
