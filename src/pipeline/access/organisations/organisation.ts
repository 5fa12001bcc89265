/** Who projects belong to. */
export interface Organisation {
  readonly name: string;
  /** Where it is written: what is in causeway.yaml cannot be changed through the admin API. */
  readonly origin: 'file' | 'admin';
  readonly projects: readonly string[];
  /** Undefined of the file's. */
  readonly createdAt: Date | undefined;
}

/** A project that was given to an organisation and belongs to another one already. */
export class ProjectTakenError extends Error {
  override readonly name = 'ProjectTakenError';
  readonly project: string;
  readonly organisation: string;

  constructor(project: string, organisation: string) {
    super(`The project "${project}" belongs to the organisation "${organisation}".`);
    this.project = project;
    this.organisation = organisation;
  }
}
