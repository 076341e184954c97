import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Ban, Check, KeyRound, UserPlus, UserRoundPen, Users } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { api, data, ifMatch, versioned } from "@/api/client";
import { keys } from "@/api/keys";
import { usePages } from "@/api/pages";
import type { Schema } from "@/api/types";
import { useMe } from "@/auth/me";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import type { ColumnDef } from "@/ui/data-table";
import { MenuItem } from "@/ui/dropdown-menu";
import { EmptyState } from "@/ui/empty-state";
import { SearchInput } from "@/ui/search-input";
import { Select } from "@/ui/select";
import { Time } from "@/ui/time";
import { Toolbar } from "@/ui/toolbar";
import { WordBadge } from "@/ui/word-badge";
import { optionsOf } from "@/words/words";
import { linkTo } from "../parts/link-to";
import { ListCard } from "../parts/list-card";
import { RowMenu } from "../parts/row-menu";
import { ShownOnce } from "../parts/shown-once";
import { InviteDialog } from "./invite-dialog";
import { UserDialog } from "./user-dialog";

type User = Schema<"User">;

const route = getRouteApi("/inside/settings/$section");
const ANY = "any";

/** Who is being dealt with, and what for. */
type Doing = { what: "edit" | "reset" | "disable"; user: User } | { what: "invite" };

export function UsersCard() {
  const queryClient = useQueryClient();
  const me = useMe();
  const { search, role } = route.useSearch();
  const navigate = route.useNavigate();
  const [doing, setDoing] = useState<Doing | null>(null);
  const [reset, setReset] = useState<{ user: User; token: Schema<"PasswordResetToken"> } | null>(null);
  const users = usePages([keys.settings, "users", search, role], (cursor) =>
    data(api.GET("/api/users", { params: { query: { search, role, cursor } } })),
  );
  const refresh = () => queryClient.invalidateQueries({ queryKey: [keys.settings, "users"] });

  const enable = useMutation({
    mutationFn: async ({ id }: User) => {
      const path = { user_id: id };
      const { etag } = await versioned(api.GET("/api/users/{user_id}", { params: { path } }));
      return data(
        api.PUT("/api/users/{user_id}", { params: { path, header: ifMatch(etag) }, body: { enabled: true } }),
      );
    },
    onSuccess: (user) => {
      toast.success(`${user.email} may log in again`);
      void refresh();
    },
  });
  const disable = useMutation({
    mutationFn: ({ id }: User) =>
      data(api.DELETE("/api/users/{user_id}", { params: { path: { user_id: id } } })),
    meta: { quiet: true },
    onSuccess: () => void refresh(),
  });
  const beginReset = useMutation({
    mutationFn: ({ id }: User) =>
      data(api.POST("/api/users/{user_id}/password-reset", { params: { path: { user_id: id } } })),
    meta: { quiet: true },
    onSuccess: (token, user) => setReset({ user, token }),
  });

  const columns: ColumnDef<User>[] = [
    {
      header: "User",
      cell: ({ row: { original: user } }) => (
        <span className="flex flex-col">
          <span className="flex items-center gap-2 font-medium">
            {user.name || user.email}
            {user.id === me.user_id && <span className="text-xs font-normal text-muted">you</span>}
          </span>
          {user.name && <span className="text-xs break-all text-muted">{user.email}</span>}
        </span>
      ),
    },
    { header: "Role", cell: ({ row }) => <WordBadge set="role" word={row.original.role} /> },
    {
      header: "Login",
      cell: ({ row }) =>
        row.original.enabled ? (
          <Badge icon={Check} tone="ok">
            Enabled
          </Badge>
        ) : (
          <Badge icon={Ban} tone="bad">
            Disabled
          </Badge>
        ),
      meta: { wideOnly: true },
    },
    {
      header: "Last login",
      cell: ({ row }) => <Time at={row.original.last_login_at} />,
      meta: { wideOnly: true },
    },
    {
      id: "menu",
      header: () => <span className="sr-only">Actions</span>,
      meta: { align: "right" },
      cell: ({ row: { original: user } }) => (
        <RowMenu of={user.email}>
          <MenuItem icon={<UserRoundPen />} onSelect={() => setDoing({ what: "edit", user })}>
            Change name or role
          </MenuItem>
          <MenuItem icon={<KeyRound />} onSelect={() => setDoing({ what: "reset", user })}>
            Password reset link
          </MenuItem>
          {user.enabled ? (
            <MenuItem icon={<Ban />} danger onSelect={() => setDoing({ what: "disable", user })}>
              Disable
            </MenuItem>
          ) : (
            <MenuItem icon={<Check />} onSelect={() => enable.mutate(user)}>
              Enable
            </MenuItem>
          )}
        </RowMenu>
      ),
    },
  ];

  const close = () => setDoing(null);
  const whom = doing && "user" in doing ? doing.user : undefined;
  return (
    <>
      <Toolbar
        end={
          <Button look="primary" icon={<UserPlus />} onClick={() => setDoing({ what: "invite" })}>
            Invite somebody
          </Button>
        }
      >
        <SearchInput
          label="Search users"
          value={search ?? ""}
          onSearch={(text) =>
            void navigate({ search: (was) => ({ ...was, search: text || undefined }), replace: true })
          }
          placeholder="Name or address"
          className="w-56"
        />
        <Select<Schema<"RoleWord"> | typeof ANY>
          aria-label="Role"
          value={role ?? ANY}
          options={[{ value: ANY, label: "Any role" }, ...optionsOf("role")]}
          onChange={(chosen) =>
            void navigate({ search: (was) => ({ ...was, role: chosen === ANY ? undefined : chosen }) })
          }
          className="w-44"
        />
      </Toolbar>
      <ListCard
        title="Users"
        pages={users}
        columns={columns}
        rowId={(user) => user.id}
        empty={
          <EmptyState
            icon={Users}
            title="No such user"
            action={<Button onClick={() => void navigate({ search: {} })}>Show all users</Button>}
          >
            Nobody fits what is searched for.
          </EmptyState>
        }
      />
      {doing?.what === "invite" && <InviteDialog onClose={close} />}
      {doing?.what === "edit" && <UserDialog user={doing.user} onClose={close} />}
      <ConfirmDialog
        open={doing?.what === "reset"}
        onOpenChange={(open) => !open && close()}
        title={`Make a password reset link for ${whom?.email ?? ""}?`}
        confirm="Make the link"
        onConfirm={async () => whom && beginReset.mutateAsync(whom)}
      >
        It is shown once and good for a day. The password until now stays good until it is used; an earlier
        link ends.
      </ConfirmDialog>
      <ConfirmDialog
        open={doing?.what === "disable"}
        onOpenChange={(open) => !open && close()}
        title={`Disable ${whom?.email ?? ""}?`}
        confirm="Disable user"
        danger
        onConfirm={async () => whom && disable.mutateAsync(whom)}
      >
        The person is logged out and can log in no more, until enabled again. It stays in this list, since
        what it did stays in the audit log.
      </ConfirmDialog>
      {reset && (
        <ShownOnce
          title="Password reset link"
          description={`Pass it on to ${reset.user.email}. It is shown this once.`}
          label="Link"
          value={linkTo("/reset-password", reset.token.token)}
          hint={
            <>
              Good until <Time at={reset.token.expires_at} absolute />.
            </>
          }
          onClose={() => setReset(null)}
        />
      )}
    </>
  );
}
