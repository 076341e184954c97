import { InvitationsCard } from "./invitations-card";
import { UsersCard } from "./users-card";

export default function Users() {
  return (
    <>
      <UsersCard />
      <InvitationsCard />
    </>
  );
}
