import { Outlet } from '@tanstack/react-router';
import { Dialog } from 'radix-ui';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ApiError } from '../api/api-error.ts';
import { queryClient } from '../api/query-client.ts';
import { type SessionOperator, forgetSession, hasLeft, useSession } from '../api/session.ts';
import { forgetMadeKey } from '../first-request/made-key.ts';
import { MadeKeyNotice } from '../first-request/made-key-notice.tsx';
import { startLive, stopLive } from '../live/live.ts';
import { Failure } from '../ui/states.tsx';
import { Toaster } from '../ui/toast.tsx';
import { PageSkeleton } from '../ui/skeleton.tsx';
import { Sidebar } from './sidebar.tsx';
import { SignIn } from './sign-in.tsx';
import { TopBar } from './top-bar.tsx';

/** Around every page: who is signed in, where one can go, and whether the gateway is there. */
export function Frame() {
  const session = useSession();
  const [wasIn, setWasIn] = useState(false);
  if (session.data && !wasIn) setWasIn(true);
  if (session.data) return <SignedIn operator={session.data} />;
  if (session.data === null) return <SignIn hasEnded={wasIn && !hasLeft()} />;
  if (session.isError) {
    return <Failure error={session.error} retry={() => void session.refetch()} className="m-8" />;
  }
  return (
    <div className="p-8">
      <PageSkeleton />
    </div>
  );
}

/** A session that ended, wherever that is noticed first, leads to where one signs in. */
function useEndedSession(): void {
  useEffect(
    () =>
      queryClient.getQueryCache().subscribe(({ query }) => {
        const { error } = query.state;
        if (error instanceof ApiError && error.status === 401) forgetSession();
      }),
    [],
  );
}

function SignedIn({ operator }: { readonly operator: SessionOperator }) {
  const { t } = useTranslation('shell');
  const [menuOpen, setMenuOpen] = useState(false);
  useEndedSession();
  useEffect(() => {
    startLive();
    return () => {
      stopLive();
      // What one operator was shown is not for the next.
      forgetMadeKey();
    };
  }, []);
  return (
    <div className="flex h-full">
      <a
        href="#content"
        className="sr-only z-50 rounded bg-accent px-3 py-2 text-accent-ink focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {t('skip')}
      </a>
      <div className="hidden w-52 shrink-0 border-r border-line bg-panel lg:block">
        <Sidebar />
      </div>
      <PhoneMenu open={menuOpen} onClose={() => setMenuOpen(false)} />
      <div className="flex min-w-0 flex-1 flex-col">
        <TopBar operator={operator} openMenu={() => setMenuOpen(true)} />
        <main id="content" tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto outline-none">
          <div className="mx-auto max-w-[1600px] px-4 py-5 lg:px-6">
            <MadeKeyNotice />
            <Outlet />
          </div>
        </main>
      </div>
      <Toaster />
    </div>
  );
}

function PhoneMenu({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation('shell');
  return (
    <Dialog.Root open={open} onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/45" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-0 left-0 z-40 h-dvh w-60 border-r border-line bg-panel"
        >
          <Dialog.Title className="sr-only">{t('menu')}</Dialog.Title>
          <Sidebar onChosen={onClose} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
