import { Download } from 'lucide-react';

import { Button } from '../../ui/button.tsx';

interface CsvLinkProps {
  readonly href: string;
  /** As the file is called when it is kept. */
  readonly file: string;
}

export function CsvLink({ href, file }: CsvLinkProps) {
  return (
    <Button asChild>
      <a href={href} download={file}>
        <Download aria-hidden />
        CSV
      </a>
    </Button>
  );
}
