import { Link } from '@tanstack/react-router';

import { subjectLink } from './subject-link.ts';

interface SubjectProps {
  readonly subject: string;
  /** When it was told. */
  readonly at?: string;
}

/** Whom or what something is about; leads to where that is shown. */
export function Subject({ subject, at }: SubjectProps) {
  const link = subjectLink(subject, at);
  if (link === undefined) return <span title={subject}>{subject}</span>;
  return (
    <Link
      {...link}
      title={subject}
      className="hover:underline"
      // It may stand in a row that is opened by a click.
      onClick={(event) => event.stopPropagation()}
    >
      {subject}
    </Link>
  );
}
