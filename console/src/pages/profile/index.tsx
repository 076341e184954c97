import { useMe } from "@/auth/me";
import { Card } from "@/ui/card";
import { CopyId } from "@/ui/copy-id";
import { Fact, Facts } from "@/ui/facts";
import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { WordBadge } from "@/ui/word-badge";
import { PasswordForm } from "./password-form";
import { Sessions } from "./sessions";

export default function ProfilePage() {
  const me = useMe();
  return (
    <Page narrow>
      <PageHeader title="Profile" />
      <Card title="You">
        <Facts>
          <Fact label="Name">{me.name || "–"}</Fact>
          <Fact label="Email">{me.email}</Fact>
          <Fact label="Role">
            <WordBadge set="role" word={me.role} />
          </Fact>
          <Fact label="User id">
            <CopyId id={me.user_id} />
          </Fact>
        </Facts>
      </Card>
      <PasswordForm />
      <Sessions />
    </Page>
  );
}
