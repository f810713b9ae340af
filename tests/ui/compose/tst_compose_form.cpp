// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/data_editor.h"
#include "compose/form_field.h"
#include "main_window/translations.h"
#include "models/curl_lines.h"
#include "widgets/segmented_control.h"

#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace commander;
using namespace commander::ui;
using namespace Qt::StringLiterals;

namespace {

constexpr std::string_view everything = R"({
"type":"object",
"definitions":{"money":{"type":"integer","minimum":1,"maximum":100}},
"properties":{
  "account":{"type":"string","minLength":1,"maxLength":50,"description":"Who pays"},
  "amount":{"$ref":"#/definitions/money"},
  "rate":{"type":["number","null"],"exclusiveMinimum":0},
  "urgent":{"type":"boolean"},
  "reason":{"enum":["rent","salary",3]},
  "payer":{"type":"object","properties":{"name":{"type":"string"},"tags":{"type":"array","items":{"type":"string"}}},"required":["name"]},
  "note":{}},
"required":["account","amount"]})";

SchemaField schemaOf(std::string_view text)
{
    auto schema = SchemaField::read(text);
    return schema ? *schema : SchemaField{};
}

struct Editor {
    Editor(Theme &theme, std::string_view schema, std::string data) : widget(theme)
    {
        widget.resize(500, 700);
        widget.setSchema(schemaOf(schema), std::move(data));
        widget.show();
    }
    [[nodiscard]] const std::string &data() const { return widget.data(); }
    template <class Control> Control *control(const QString &name)
    {
        for (auto *one : widget.findChildren<Control *>()) {
            if (one->accessibleName() == name || one->accessibleName() == name + u", required"_s)
                return one;
        }
        return nullptr;
    }
    void type(const QString &name, const QString &text)
    {
        auto *edit = control<QLineEdit>(name);
        QVERIFY(edit);
        edit->selectAll();
        QTest::keyClicks(edit, text.isEmpty() ? u"x"_s : text);
        if (text.isEmpty())
            QTest::keyClick(edit, Qt::Key_Backspace);
    }
    [[nodiscard]] QStringList problems()
    {
        QStringList all;
        for (const auto *field : widget.findChildren<FormField *>()) {
            if (!field->problem().isEmpty())
                all << toQString(field->schema().name) + u": "_s + field->problem();
        }
        return all;
    }
    static QString toQString(const std::string &text) { return QString::fromStdString(text); }

    DataEditor widget;
};

} // namespace

class TestComposeForm : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_theme.reset(); }

    void schemasBecomeFields();
    void schemasWithoutEndAreCut();
    void untouchedDataKeepsItsBytes();
    void everyKindOfControlWrites();
    void whatIsNoNumberGoesOutAsText();
    void formAndJsonStayInStep();
    void unreadableJsonHasNoForm();
    void problemsStandAtTheirFields();
    void longListsAndTextsAreLeftToJson();
    void elementsCanBeTakenAway();
    void curlLinesCarryWhatIsStated();

private:
    std::unique_ptr<Theme> m_theme;
};

void TestComposeForm::initTestCase()
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    installTranslation(qApp);
    m_theme = std::make_unique<Theme>();
}

void TestComposeForm::schemasBecomeFields()
{
    using Type = SchemaField::Type;
    const SchemaField root = schemaOf(everything);
    QCOMPARE(root.type, Type::Object);
    const std::vector<Type> types{Type::Text,   Type::Integer, Type::Number, Type::Boolean,
                                  Type::Choice, Type::Object,  Type::Any};
    QCOMPARE(root.members.size(), types.size());
    for (std::size_t i = 0; i < types.size(); ++i)
        QCOMPARE(root.members[i].type, types[i]);
    QVERIFY(root.members[0].required && root.members[1].required && !root.members[2].required);
    QCOMPARE(root.members[0].hint(), u"Who pays · 1 to 50 characters"_s);
    QCOMPARE(root.members[1].hint(), u"1 to 100"_s);
    QCOMPARE(root.members[2].hint(), u"above 0"_s);
    QCOMPARE(root.members[5].members[1].type, Type::List);
    QCOMPARE(root.members[5].members[1].element.front().type, Type::Text);
}

void TestComposeForm::schemasWithoutEndAreCut()
{
    const SchemaField root
        = schemaOf(R"({"type":"object","properties":{"child":{"$ref":"#"},"lost":{"$ref":"#/nowhere"}}})");
    const SchemaField *deepest = &root;
    int depth = 0;
    for (; !deepest->members.empty(); ++depth)
        deepest = &deepest->members.front();
    QVERIFY(depth < 12);
    QCOMPARE(deepest->type, SchemaField::Type::Any);
    QCOMPARE(root.members[1].type, SchemaField::Type::Any);
    QVERIFY(!SchemaField::read("{"));
}

void TestComposeForm::untouchedDataKeepsItsBytes()
{
    const std::string data
        = R"({ "unknown": 1.0, "amount":  23958446825181076828, "account":"a\u0062c", "rate": 1e3 })";
    Editor editor(*m_theme, everything, data);
    QCOMPARE(editor.data(), data);
    editor.widget.face().setCurrent(1);
    editor.widget.face().setCurrent(0);
    QCOMPARE(editor.data(), data);
    QCOMPARE(editor.control<QLineEdit>(u"amount"_s)->text(), u"23958446825181076828"_s);
    QCOMPARE(editor.control<QLineEdit>(u"rate"_s)->text(), u"1e3"_s);
    QSignalSpy edited(&editor.widget, &DataEditor::edited);
    m_theme->toggle(); // colours change, bytes do not
    m_theme->toggle();
    QTest::qWait(20);
    QCOMPARE(edited.size(), 0);
    QCOMPARE(editor.data(), data);
    // One field changes: every other number keeps its digits, and what the schema does not name stays.
    editor.type(u"account"_s, u"xyz"_s);
    QCOMPARE(editor.data(), std::string(R"({"unknown":1.0,"amount":23958446825181076828,"account":"xyz","rate":1e3})"));
}

void TestComposeForm::everyKindOfControlWrites()
{
    Editor editor(*m_theme, everything, "{}");
    QSignalSpy edited(&editor.widget, &DataEditor::edited);
    editor.type(u"account"_s, u"12345"_s); // a text, although it looks like a number
    editor.type(u"amount"_s, u"10000000000000000000001"_s);
    editor.type(u"rate"_s, u"1.50"_s);
    const auto pick = [&editor](const QString &name, const QString &text) {
        auto *box = editor.control<QComboBox>(name);
        QVERIFY(box);
        box->setFocus();
        QTest::keyClick(box, Qt::Key_Home);
        for (int i = 0; i < box->count() && box->currentText() != text; ++i)
            QTest::keyClick(box, Qt::Key_Down);
        QCOMPARE(box->currentText(), text);
        Q_EMIT box->activated(box->currentIndex());
    };
    pick(u"urgent"_s, u"true"_s);
    pick(u"reason"_s, u"3"_s);
    editor.type(u"name"_s, u"Ada"_s);
    editor.type(u"note"_s, u"[1,2.0]"_s);
    for (auto *button : editor.widget.findChildren<QToolButton *>()) {
        if (button->accessibleName() == u"Add an element to tags"_s)
            button->click();
    }
    QVERIFY(edited.size() > 20);
    QCOMPARE(editor.data(),
             std::string(R"({"account":"12345","amount":10000000000000000000001,"rate":1.50,"urgent":true,)"
                         R"("reason":3,"payer":{"name":"Ada","tags":[""]},"note":[1,2.0]})"));
    // What is emptied is left out; an object of its own with it.
    editor.type(u"rate"_s, {});
    pick(u"urgent"_s, u"not stated"_s);
    QVERIFY(editor.data().find("rate") == std::string::npos);
    QVERIFY(editor.data().find("urgent") == std::string::npos);
}

void TestComposeForm::whatIsNoNumberGoesOutAsText()
{
    Editor editor(*m_theme, everything, "{}");
    editor.type(u"amount"_s, u"12x"_s);
    QCOMPARE(editor.data(), std::string(R"({"amount":"12x"})"));
    editor.widget.setData(editor.data());
    QCOMPARE(editor.control<QLineEdit>(u"amount"_s)->text(), u"12x"_s);
}

void TestComposeForm::formAndJsonStayInStep()
{
    Editor editor(*m_theme, everything, R"({"account":"1","amount":5})");
    editor.widget.face().setCurrent(1);
    QVERIFY(editor.widget.jsonEdit().isVisible());
    const std::string typed = "{\"account\":\"2\",\n \"amount\": 7.0, \"space\":\"\u00a0\"}";
    editor.widget.jsonEdit().setPlainText(QString::fromStdString(typed));
    QCOMPARE(editor.data(), typed); // as it was typed
    editor.widget.face().setCurrent(0);
    QCOMPARE(editor.control<QLineEdit>(u"account"_s)->text(), u"2"_s);
    QCOMPARE(editor.control<QLineEdit>(u"amount"_s)->text(), u"7.0"_s);
    editor.type(u"account"_s, u"3"_s);
    QVERIFY(editor.widget.jsonEdit().toPlainText().contains(u"\"account\": \"3\""_s));
    QVERIFY(editor.widget.jsonEdit().toPlainText().contains(u"7.0"_s));
}

void TestComposeForm::unreadableJsonHasNoForm()
{
    Editor editor(*m_theme, everything, R"({"account":"1","amount":5})");
    editor.widget.face().setCurrent(1);
    editor.widget.jsonEdit().setPlainText(u"{\"account\": "_s);
    editor.widget.face().setCurrent(0);
    QCOMPARE(editor.widget.face().current(), 1);
    QVERIFY(editor.widget.jsonEdit().isVisible());
    QCOMPARE(editor.data(), std::string("{\"account\": "));
    bool told = false;
    for (const auto *label : editor.widget.findChildren<QLabel *>())
        told = told || (label->isVisible() && label->text().contains(u"not valid JSON"_s));
    QVERIFY(told);
}

void TestComposeForm::problemsStandAtTheirFields()
{
    Editor editor(*m_theme, everything, R"({"amount":500,"payer":{"tags":["a","b"]}})");
    editor.widget.showProblems({{"", "required member 'account' is missing"},
                                {"/amount", "must be at most 100"},
                                {"/payer", "required member 'name' is missing"},
                                {"/payer/tags/1", "is too short"}});
    QStringList problems = editor.problems();
    problems.sort();
    QCOMPARE(problems,
             QStringList({u": is too short"_s, u"account: This is required."_s, u"amount: must be at most 100"_s,
                          u"name: This is required."_s}));
    editor.widget.focusFirstProblem();
    QCOMPARE(editor.control<QLineEdit>(u"account"_s)->accessibleDescription(), u"This is required."_s);
    editor.widget.showProblems({});
    QVERIFY(editor.problems().isEmpty());
}

void TestComposeForm::longListsAndTextsAreLeftToJson()
{
    std::string many = R"({"payer":{"name":"A","tags":[)";
    for (int i = 0; i < 4000; ++i)
        many += (i ? ",\"" : "\"") + std::to_string(i) + '"';
    many += R"(]},"account":")" + std::string(9000, 'x') + R"("})";
    Editor editor(*m_theme, everything, many);
    QVERIFY(editor.widget.findChildren<QLineEdit *>().size() < 20);
    QVERIFY(editor.control<QLineEdit>(u"account"_s)->isReadOnly());
    editor.type(u"name"_s, u"B"_s);
    std::string expected = many;
    expected.replace(expected.find("\"A\""), 3, "\"B\"");
    QCOMPARE(editor.data(), expected);
}

void TestComposeForm::elementsCanBeTakenAway()
{
    Editor editor(*m_theme, everything, R"({"payer":{"name":"A","tags":["a","b","c"]}})");
    std::vector<QToolButton *> removers;
    for (auto *button : editor.widget.findChildren<QToolButton *>()) {
        if (button->accessibleName() == u"Take this element away"_s)
            removers.push_back(button);
    }
    QCOMPARE(removers.size(), std::size_t(3));
    removers[1]->click();
    QCOMPARE(editor.data(), std::string(R"({"payer":{"name":"A","tags":["a","c"]}})"));
}

void TestComposeForm::curlLinesCarryWhatIsStated()
{
    CommandDraft draft;
    draft.action = "open-account";
    draft.data = R"({"owner":"O'Hara"})";
    QCOMPARE(curlSubmitLine(u"http://127.0.0.1:1"_s, draft),
             uR"(curl -sS -X POST 'http://127.0.0.1:1/commands?sync=true' -H 'Content-Type: application/json' )"
             uR"(-d '{"action":"open-account","data":{"owner":"O'\''Hara"}}')"_s);
    QCOMPARE(curlFollowLine(u"http://127.0.0.1:1"_s, draft),
             u"curl -sSN 'http://127.0.0.1:1/updates?from=now&action=open-account'"_s);
    draft.id = *Uuid::parse("33bb75db-6e13-48ee-8a54-b3976d3d065b");
    QVERIFY(curlSubmitLine(u"http://h"_s, draft)
                .contains(u"{\"id\":\"33bb75db-6e13-48ee-8a54-b3976d3d065b\",\"action\""_s));
    QVERIFY(curlFollowLine(u"http://h"_s, draft).contains(u"&correlation=33bb75db-6e13-48ee-8a54-b3976d3d065b"_s));
}

QTEST_MAIN(TestComposeForm)
#include "tst_compose_form.moc"
